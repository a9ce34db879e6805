#include "runtime/rounds.h"

#include <utility>
#include <vector>

namespace lernd {
namespace {

/// Rules that ask this often ask for ever: a programmer's error, which must not become an endless loop. An event may have to turn thousands of pages.
constexpr int kRoundsMax = 10000;

struct Waiting {
  Decision* decision;
  Ask ask;
};

}  // namespace

void decide(const Job& job, std::span<Decision> decisions, Asker& asker, Facts& facts) {
  std::vector<Decision*> open;
  for (Decision& decision : decisions) open.push_back(&decision);

  for (int round = 0; !open.empty(); ++round) {
    std::vector<Waiting> waiting;
    MergedAsk merged;
    for (Decision* decision : open) {
      Step step = job.advance(*decision->event, facts, decision->stamp);
      if (Plan* plan = std::get_if<Plan>(&step)) {
        decision->outcome = std::move(*plan);
      } else if (Reject* reject = std::get_if<Reject>(&step)) {
        decision->outcome = std::move(*reject);
      } else if (round == kRoundsMax) {
        decision->outcome = Reject{{Treatment::fatal, ErrorCode::internal, "the rules of the job do not come to an end"}, {}};
      } else {
        merged.add(std::get<Ask>(step));
        waiting.push_back({decision, std::get<Ask>(std::move(step))});
      }
    }
    open.clear();
    if (waiting.empty()) return;
    const Unanswered unanswered = asker.answer(merged.ask(), facts);
    for (Waiting& one : waiting) {
      if (const Error* error = unanswered.find(one.ask)) {
        one.decision->outcome = Reject{*error, {}};
      } else {
        open.push_back(one.decision);
      }
    }
  }
}

}  // namespace lernd
