#pragma once

#include <string_view>

namespace lernd {

/// What stands before and after the jobs on the page: style in front, script behind. Light and dark follow the reader's system.
inline constexpr std::string_view kPageHead = R"html(<!doctype html>
<html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width"><title>lernd</title>
<noscript><meta http-equiv=refresh content=5></noscript>
<style>
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1d2433;--soft:#6b7486;--line:#e4e7ed;--accent:#2f6fde;--good:#1a8a4f;--wait:#a86a00;--bad:#c7372f}
@media(prefers-color-scheme:dark){:root{--page:#12151c;--card:#1a1f29;--ink:#e6e9f0;--soft:#8f99ad;--line:#2a3140;--accent:#6ea2ff;--good:#4cc38a;--wait:#e2a336;--bad:#f2726a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
body>header{display:flex;align-items:baseline;gap:1.25rem;margin-bottom:1.5rem}
h1,h2{margin:0;font-size:1.05rem;font-weight:600;letter-spacing:.01em}
h1{font-size:1.35rem;margin-right:auto}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
.soft,dt,th{color:var(--soft);font-weight:400}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.35rem;margin-bottom:1.1rem}
section header{display:flex;align-items:baseline;gap:.9rem}
.state{white-space:nowrap}.state::before{content:"";display:inline-block;width:.55em;height:.55em;border-radius:50%;margin-right:.45em;background:var(--soft)}
.state.running::before{background:var(--good)}.state.waiting::before,.state.paused::before{background:var(--wait)}.state.stopped::before{background:var(--bad)}
.state.stopped{color:var(--bad)}
dl{display:grid;grid-template-columns:repeat(3,minmax(8.5rem,auto)) 1fr;gap:0 1.5rem;align-items:end;margin:.7rem 0 .4rem}
dt{font-size:.8rem}dd{margin:0;font-size:1.5rem;line-height:1.2}
svg{width:100%;height:48px;overflow:visible}
svg path{fill:none;stroke:var(--accent);stroke-width:1.5;vector-effect:non-scaling-stroke}svg path.area{fill:var(--accent);opacity:.12;stroke:none}
table{width:100%;border-collapse:collapse;margin-top:.6rem;font-size:.92rem}
th{font-size:.8rem;text-align:left}th,td{padding:.3rem 1.25rem .3rem 0;border-top:1px solid var(--line)}thead th{border-top:0}
td:first-child{overflow-wrap:anywhere}th:last-child,td:last-child{padding-right:0;width:6rem}
.n{text-align:right;white-space:nowrap}td.bar,th.bar{width:38%}
.bar i{display:block;height:.5rem;min-width:2px;border-radius:3px;background:var(--accent)}
.error{margin:.8rem 0 0;padding-top:.7rem;border-top:1px solid var(--line);font-size:.92rem;overflow-wrap:anywhere}
.away main{opacity:.45}#away{color:var(--bad)}
@media(max-width:40rem){dl{grid-template-columns:repeat(3,auto)}svg{grid-column:1/-1;margin-top:.6rem}td.bar,th.bar{width:20%}}
</style></head>
<body><header><h1>lernd</h1><span id=away hidden>no answer from the process</span><a href=/metrics>metrics</a><a href=/jobs>jobs</a><a href=/health/ready>ready</a></header>
<main>)html";

inline constexpr std::string_view kPageTail = R"html(</main>
<script>
const kept = 120, rates = new Map();
function draw(section) {
  const all = rates.get(section.dataset.job) ?? [];
  all.push(Number(section.dataset.rate));
  rates.set(section.dataset.job, all.slice(-kept));
  const top = Math.max(...all, 1), step = 240 / (kept - 1), start = kept - Math.min(all.length, kept);
  const points = all.slice(-kept).map((rate, i) => `${((start + i) * step).toFixed(1)},${(46 - 44 * rate / top).toFixed(1)}`);
  if (points.length < 2) return;
  const line = 'M' + points.join('L'), left = (start * step).toFixed(1);
  section.querySelector('svg').innerHTML = `<path class=area d="${line}L240,48L${left},48Z"/><path d="${line}"/>`;
}
function drawAll() { document.querySelectorAll('section').forEach(draw); }
async function refresh() {
  let away = true;
  try {
    const answer = await fetch('/');
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.querySelector('main').replaceWith(page.querySelector('main'));
    drawAll();
    away = false;
  } catch {}
  document.body.classList.toggle('away', away);
  document.getElementById('away').hidden = !away;
}
drawAll();
setInterval(refresh, 2000);
</script></body></html>
)html";

}  // namespace lernd
