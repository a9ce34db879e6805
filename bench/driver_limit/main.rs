//! Sends the statements of enrolment-reconciliation with the bare driver as fast as it can: per event two reads at once, one logged batch of all aggregates,
//! one update of the enrolment. No topic, no cache, no journal, no rules: what is left is what the database and its driver cost.
//!
//! Standard input is `name<TAB>value` lines, written by ../driver_limit.cc; standard output one JSON line for each number of events in flight.

use futures::future::{join, join_all};
use scylla::client::PoolSize;
use scylla::client::execution_profile::ExecutionProfile;
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::statement::Consistency;
use scylla::statement::batch::{Batch, BatchType};
use scylla::statement::prepared::PreparedStatement;
use scylla::value::CqlTimestamp;
use std::collections::HashMap;
use std::error::Error;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

type Fault = Box<dyn Error + Send + Sync>;

const FINISHED: i32 = 2;
/// Of /proc/self/stat, on every Linux that the project builds on.
const TICKS_PER_SECOND: f64 = 100.0;

/// What standard input says.
struct Settings(HashMap<String, String>);

impl Settings {
    fn read() -> Result<Settings, Fault> {
        let lines = std::io::stdin().lines().collect::<Result<Vec<_>, _>>()?;
        let pair = |line: &String| line.split_once('\t').map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(Settings(lines.iter().filter_map(pair).collect()))
    }

    fn text(&self, name: &str) -> Result<&str, Fault> {
        self.0.get(name).map(String::as_str).ok_or_else(|| format!("{name} is missing").into())
    }

    fn list(&self, name: &str) -> Result<Vec<String>, Fault> {
        Ok(self.text(name)?.split_whitespace().map(str::to_owned).collect())
    }

    fn number(&self, name: &str) -> Result<usize, Fault> {
        Ok(self.text(name)?.parse()?)
    }
}

struct Limit {
    session: Session,
    read_consumption: PreparedStatement,
    read_enrolment: PreparedStatement,
    update_aggregates: Batch,
    update_progress: PreparedStatement,
    update_completion: PreparedStatement,
    course: String,
    batch: String,
    activities: Vec<String>,
    user_prefix: String,
}

impl Limit {
    async fn connect(settings: &Settings) -> Result<Limit, Fault> {
        let profile = ExecutionProfile::builder().consistency(Consistency::LocalQuorum).build();
        let session = SessionBuilder::new()
            .known_node(settings.text("server")?)
            .default_execution_profile_handle(profile.into_handle())
            .pool_size(PoolSize::PerHost(NonZeroUsize::MIN))
            .build()
            .await?;
        let activities = settings.list("activities")?;
        let update_aggregate = session.prepare(settings.text("update_aggregate")?).await?;
        let mut update_aggregates = Batch::new(BatchType::Logged);
        activities.iter().for_each(|_| update_aggregates.append_statement(update_aggregate.clone()));
        Ok(Limit {
            read_consumption: session.prepare(settings.text("read_consumption")?).await?,
            read_enrolment: session.prepare(settings.text("read_enrolment")?).await?,
            update_aggregates,
            update_progress: session.prepare(settings.text("update_progress")?).await?,
            update_completion: session.prepare(settings.text("update_completion")?).await?,
            course: settings.text("course")?.to_owned(),
            batch: settings.text("batch")?.to_owned(),
            activities,
            user_prefix: settings.text("user_prefix")?.to_owned(),
            session,
        })
    }

    async fn event(&self, index: usize) -> Result<(), Fault> {
        let user = format!("{}{index:012}", self.user_prefix);
        let (user, course, batch) = (user.as_str(), self.course.as_str(), self.batch.as_str());
        let key = (user, course, batch);
        let (consumption, enrolment) = join(
            self.session.execute_unpaged(&self.read_consumption, key),
            self.session.execute_unpaged(&self.read_enrolment, key),
        )
        .await;
        enrolment?.into_rows_result()?.single_row::<(Option<i32>,)>()?;
        let mut contents: HashMap<String, i32> = HashMap::new();
        for row in consumption?.into_rows_result()?.rows::<(String, Option<i32>, Option<i32>, Option<i32>)>()? {
            let (content, status, _, _) = row?;
            contents.insert(content, status.unwrap_or(1));
        }
        let finished = contents.values().filter(|status| **status == FINISHED).count();
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let now = CqlTimestamp(i64::try_from(since_epoch.as_millis())?);
        let written = i64::try_from(since_epoch.as_micros())?;

        let context = format!("cb:{batch}");
        let count = HashMap::from([("completedCount", finished as f64)]);
        let time = HashMap::from([("completedCount", now)]);
        let aggregates: Vec<_> = self
            .activities
            .iter()
            .map(|activity| (written, &count, &time, "Course", activity.as_str(), user, context.as_str()))
            .collect();
        self.session.batch(&self.update_aggregates, aggregates).await?;

        let progress = finished as i32;
        if finished == contents.len() {
            let values = (written, FINISHED, now, progress, &contents, now, user, course, batch);
            self.session.execute_unpaged(&self.update_completion, values).await?;
        } else {
            let values = (written, 1, progress, &contents, now, user, course, batch);
            self.session.execute_unpaged(&self.update_progress, values).await?;
        }
        Ok(())
    }
}

/// Sends the events of `count` learners from `first` on, `in_flight` of them at any time.
async fn send(limit: Arc<Limit>, first: usize, count: usize, in_flight: usize) -> Result<(), Fault> {
    let next = Arc::new(AtomicUsize::new(first));
    let tasks = (0..in_flight).map(|_| {
        let (limit, next) = (limit.clone(), next.clone());
        tokio::spawn(async move {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= first + count {
                    return Ok::<(), Fault>(());
                }
                limit.event(index).await?;
            }
        })
    });
    for task in join_all(tasks).await {
        task??;
    }
    Ok(())
}

/// User and system time of this process so far.
fn cpu_time() -> Result<Duration, Fault> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let behind_name = stat.rsplit_once(')').ok_or("no name in /proc/self/stat")?.1;
    let ticks: u64 = behind_name.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse().unwrap_or(0)).sum();
    Ok(Duration::from_secs_f64(ticks as f64 / TICKS_PER_SECOND))
}

fn main() -> Result<(), Fault> {
    let settings = Settings::read()?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(settings.number("threads")?).enable_all().build()?;
    let count = settings.number("events")?;
    runtime.block_on(async {
        let limit = Arc::new(Limit::connect(&settings).await?);
        let mut first = settings.number("first_learner")?;
        for in_flight in settings.list("in_flight")? {
            let (begun, cpu) = (Instant::now(), cpu_time()?);
            tokio::spawn(send(limit.clone(), first, count, in_flight.parse()?)).await??;
            // Rows written again would cost the server less than new ones.
            first += count;
            let seconds = begun.elapsed().as_secs_f64();
            let cpu_seconds = (cpu_time()? - cpu).as_secs_f64();
            println!(
                "{{\"in_flight\":{in_flight},\"events_per_s\":{:.1},\"cpu_s_per_1000\":{:.4}}}",
                count as f64 / seconds,
                cpu_seconds * 1000.0 / count as f64
            );
        }
        Ok(())
    })
}
