//! Sends requests to Cassandra, Redis and HTTP servers with the bare drivers as fast as they can. It knows no job: ../script.cc has written down what a job sends for each
//! event, texts and cells. No topic, no cache, no journal, no rules: what is left is what the servers and their drivers cost.
//!
//! Arguments: the script, `host:port` of Cassandra, the number of events for each measurement, numbers of events in flight with commas between. Standard output
//! is one JSON line for each of these numbers; none of them meets an event again.

mod http;
mod redis;
mod script;
mod stream;

use futures::future::{join_all, try_join_all};
use http::Http;
use redis::Redis;
use script::{Event, Part, Request, Script};
use scylla::client::PoolSize;
use scylla::client::execution_profile::ExecutionProfile;
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::serialize::SerializationError;
use scylla::serialize::row::{RowSerializationContext, SerializeRow};
use scylla::serialize::writers::RowWriter;
use scylla::statement::Consistency;
use scylla::statement::batch::{Batch, BatchStatement, BatchType};
use scylla::statement::prepared::PreparedStatement;
use std::error::Error;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub type Fault = Box<dyn Error + Send + Sync>;

/// Of /proc/self/stat, on every Linux that the project builds on.
const TICKS_PER_SECOND: f64 = 100.0;

/// Cells that are serialised already: a length and so many bytes each, none for the length -1.
struct Cells(&'static [u8]);

impl SerializeRow for Cells {
    fn serialize(
        &self,
        context: &RowSerializationContext<'_>,
        writer: &mut RowWriter,
    ) -> Result<(), SerializationError> {
        let bad = || SerializationError::new(std::io::Error::other("the cells do not fit the statement"));
        let mut rest = self.0;
        for _ in context.columns() {
            let (length, behind) = rest.split_first_chunk::<4>().ok_or_else(bad)?;
            rest = behind;
            let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
                writer.make_cell_writer().set_null();
                continue;
            };
            let (cell, behind) = rest.split_at_checked(length).ok_or_else(bad)?;
            writer.make_cell_writer().set_value(cell).map_err(SerializationError::new)?;
            rest = behind;
        }
        if rest.is_empty() { Ok(()) } else { Err(bad()) }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

async fn open_session(server: &str) -> Result<Session, Fault> {
    let profile = ExecutionProfile::builder().consistency(Consistency::LocalQuorum).build();
    let session = SessionBuilder::new()
        .known_node(server)
        .default_execution_profile_handle(profile.into_handle())
        .pool_size(PoolSize::PerHost(NonZeroUsize::MIN))
        .build()
        .await?;
    Ok(session)
}

fn known(session: &Option<Session>) -> Result<&Session, Fault> {
    session.as_ref().ok_or_else(|| "the script has no statements".into())
}

struct Limit {
    /// None for a script without statements: no Cassandra need be there.
    session: Option<Session>,
    statements: Vec<PreparedStatement>,
    caches: Vec<Redis>,
    services: Vec<Http>,
    events: Vec<Event>,
}

impl Limit {
    async fn connect(server: &str, script: Script) -> Result<Limit, Fault> {
        let session = if script.statements.is_empty() { None } else { Some(open_session(server).await?) };
        let mut statements = Vec::new();
        for text in &script.statements {
            statements.push(known(&session)?.prepare(text.as_str()).await?);
        }
        let mut caches = Vec::new();
        for cache in &script.caches {
            caches.push(Redis::connect(cache).await?);
        }
        let mut services = Vec::new();
        for service in &script.services {
            services.push(Http::connect(service).await?);
        }
        Ok(Limit { session, statements, caches, services, events: script.events })
    }

    async fn event(&self, index: usize) -> Result<(), Fault> {
        for step in &self.events[index] {
            match step.as_slice() {
                [one] => self.request(one).await?,
                several => {
                    try_join_all(several.iter().map(|request| self.request(request))).await?;
                }
            }
        }
        Ok(())
    }

    async fn request(&self, request: &Request) -> Result<(), Fault> {
        match request {
            Request::Redis { cache, replies, commands } => self.caches[*cache].send(commands, *replies).await,
            Request::Http { service, request } => self.services[*service].send(request).await,
            Request::Cql { rows, parts } => match parts.as_slice() {
                [one] => self.statement(one, *rows).await,
                several => self.logged_batch(several).await,
            },
        }
    }

    async fn statement(&self, part: &Part, rows: Option<usize>) -> Result<(), Fault> {
        let result = known(&self.session)?.execute_unpaged(&self.statements[part.statement], Cells(part.cells)).await?;
        match rows {
            Some(rows) if result.into_rows_result()?.rows_num() != rows => {
                Err("a read has not the rows that the job found".into())
            }
            _ => Ok(()),
        }
    }

    async fn logged_batch(&self, parts: &[Part]) -> Result<(), Fault> {
        let statement = |part: &Part| BatchStatement::PreparedStatement(self.statements[part.statement].clone());
        let batch = Batch::new_with_statements(BatchType::Logged, parts.iter().map(statement).collect());
        let cells: Vec<Cells> = parts.iter().map(|part| Cells(part.cells)).collect();
        known(&self.session)?.batch(&batch, cells).await?;
        Ok(())
    }
}

/// Sends `count` events from `first` on, `in_flight` of them at any time.
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
    let arguments: Vec<String> = std::env::args().collect();
    let [_, script, server, count, in_flight] = arguments.as_slice() else {
        return Err("arguments: script, server, events, events in flight".into());
    };
    let script = Script::read(script)?;
    let count: usize = count.parse()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let limit = Arc::new(Limit::connect(server, script).await?);
        for (round, in_flight) in in_flight.split(',').enumerate() {
            let (begun, cpu) = (Instant::now(), cpu_time()?);
            tokio::spawn(send(limit.clone(), round * count, count, in_flight.parse()?)).await??;
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
