//! Requests in, answers out.

use crate::abi::{self, Kind, RequestView};
use crate::answer::{Answer, Answers, Table};
use crate::cells::Cells;
use crate::failure::Failure;
use crate::shape::Shape;
use futures::StreamExt;
use scylla::client::session::Session as CqlSession;
use scylla::cluster::ClusterState;
use scylla::response::query_result::QueryRowsResult;
use scylla::response::{PagingState, PagingStateResponse};
use scylla::statement::batch::{Batch, BatchStatement, BatchType};
use scylla::statement::prepared::PreparedStatement;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock, Weak};
use std::time::Duration;
use tokio::sync::Semaphore;

pub struct Session {
    session: CqlSession,
    in_flight: Semaphore,
    in_flight_max: usize,
    page_rows: i32,
    request_timeout: Duration,
    schema: Mutex<SchemaVersion>,
}

/// The driver replaces its picture of the cluster when something changed there; `number` counts the pictures seen.
struct SchemaVersion {
    number: u64,
    /// Only to tell the pictures apart: weak, so that an old one is not kept alive.
    seen: Weak<ClusterState>,
}

/// A statement that the server knows, with what its bind markers were when it was prepared.
pub struct Prepared {
    statement: PreparedStatement,
    bind_markers: Shape,
    /// The number of the schema version for which `bind_markers` were last found to be right.
    checked: AtomicU64,
    changed: AtomicBool,
    /// The shape of the latest result: nearly always that of the next one too.
    result: RwLock<Option<Arc<Shape>>>,
}

impl Prepared {
    pub fn bind_markers(&self) -> &Shape {
        &self.bind_markers
    }

    pub fn result_shape(&self, result: &QueryRowsResult) -> Arc<Shape> {
        let specs = result.column_specs().as_slice();
        let known = self.result.read().unwrap_or_else(|e| e.into_inner()).clone();
        if let Some(shape) = known.filter(|shape| shape.fits(specs)) {
            return shape;
        }
        let shape = Arc::new(Shape::new(specs));
        *self.result.write().unwrap_or_else(|e| e.into_inner()) = Some(shape.clone());
        shape
    }
}

/// A statement of the caller. The lifetimes are longer than the truth, because tasks of the runtime know no shorter ones: see `Requests`.
#[derive(Clone, Copy)]
struct Statement {
    prepared: &'static Prepared,
    cells: Cells<'static>,
}

/// The requests of one call, each with its statements. They look into the memory of the caller.
pub struct Requests(Vec<Vec<Statement>>);

impl Requests {
    /// # Safety
    /// All that the views point to must be valid for reads until the result has been dropped.
    pub unsafe fn of(views: &[RequestView]) -> Requests {
        Requests(views.iter().map(|view| unsafe { statements(view) }).collect())
    }
}

unsafe fn statements(view: &RequestView) -> Vec<Statement> {
    unsafe { abi::items(view.statements, view.count) }
        .iter()
        .map(|statement| Statement {
            prepared: unsafe { &*statement.prepared },
            cells: Cells(unsafe { abi::items(statement.cells, statement.size) }),
        })
        .collect()
}

impl Session {
    pub fn new(session: CqlSession, options: &crate::connect::Options) -> Session {
        let seen = Arc::downgrade(&session.get_cluster_state());
        Session {
            session,
            in_flight: Semaphore::new(options.requests_in_flight_max),
            in_flight_max: options.requests_in_flight_max,
            page_rows: options.page_rows,
            request_timeout: options.request_timeout,
            schema: Mutex::new(SchemaVersion { number: 0, seen }),
        }
    }

    pub async fn prepare(&self, text: &str) -> Result<Prepared, Failure> {
        let version = self.schema_version();
        let statement = self.prepare_on_server(text).await?;
        Ok(Prepared {
            bind_markers: Shape::new(statement.get_variable_col_specs().as_slice()),
            statement,
            checked: AtomicU64::new(version),
            changed: AtomicBool::new(false),
            result: RwLock::new(None),
        })
    }

    async fn prepare_on_server(&self, text: &str) -> Result<PreparedStatement, Failure> {
        let prepared = tokio::time::timeout(self.request_timeout, self.session.prepare(text)).await;
        let mut statement = prepared.map_err(|_| Failure::timed_out())??;
        statement.set_page_size(self.page_rows);
        statement.set_is_idempotent(true);
        Ok(statement)
    }

    pub async fn change_schema(&self, text: &str) -> Result<(), Failure> {
        self.session.query_unpaged(text, ()).await?;
        Ok(())
    }

    /// Runs as one task, so that requests and answers do not change threads on their way.
    pub async fn execute(self: Arc<Session>, requests: Requests) -> Answers {
        self.check_bind_markers(&requests).await;
        let mut answers: Vec<Answer> = Vec::new();
        answers.resize_with(requests.0.len(), || Ok(Table::default()));
        let stalled = Arc::new(AtomicBool::new(false));
        let mut running = futures::stream::iter(requests.0.into_iter().enumerate())
            .map(|(index, statements)| {
                let (session, stalled) = (self.clone(), stalled.clone());
                async move { (index, session.answer(&statements, &stalled).await) }
            })
            .buffer_unordered(self.in_flight_max);
        while let Some((index, answer)) = running.next().await {
            answers[index] = answer;
        }
        drop(running);
        Answers { all: answers, next: Vec::new() }
    }

    /// One page of the one statement of `requests`.
    pub async fn execute_page(self: Arc<Session>, requests: Requests, from: Vec<u8>) -> Answers {
        self.check_bind_markers(&requests).await;
        match self.page(&requests.0[0], from).await {
            Ok((table, next)) => Answers { all: vec![Ok(table)], next },
            Err(failure) => Answers { all: vec![Err(failure)], next: Vec::new() },
        }
    }

    async fn page(&self, statements: &[Statement], from: Vec<u8>) -> Result<(Table, Vec<u8>), Failure> {
        let [statement] = statements else {
            return Err(Failure::new(Kind::Broken, "a page is of one statement"));
        };
        if statement.prepared.changed.load(Ordering::Relaxed) {
            return Err(Failure::new(Kind::SchemaChanged, "a column of the statement has another type now"));
        }
        let Ok(_permit) = self.in_flight.acquire().await else {
            return Err(Failure::new(Kind::Broken, "the session is closed"));
        };
        let position = if from.is_empty() { PagingState::start() } else { PagingState::new_from_raw_bytes(from) };
        let prepared = &statement.prepared.statement;
        let (page, next) = self.session.execute_single_page(prepared, statement.cells, position).await?;
        let mut table = Table::default();
        table.add_page(statement.prepared, page)?;
        let next = match &next {
            PagingStateResponse::HasMorePages { state } => state.as_bytes_slice().map(|bytes| bytes.to_vec()),
            PagingStateResponse::NoMorePages => None,
        };
        Ok((table, next.unwrap_or_default()))
    }

    /// Once a request of a call had no answer in time, those not yet sent are not: a server that hangs would cost the time-out once for each round of them.
    async fn answer(&self, statements: &[Statement], stalled: &AtomicBool) -> Answer {
        if statements.iter().any(|s| s.prepared.changed.load(Ordering::Relaxed)) {
            return Err(Failure::new(Kind::SchemaChanged, "a column of the statement has another type now"));
        }
        let Ok(_permit) = self.in_flight.acquire().await else {
            return Err(Failure::new(Kind::Broken, "the session is closed"));
        };
        if stalled.load(Ordering::Relaxed) {
            return Err(Failure::timed_out());
        }
        let answer = match statements {
            [one] => self.all_pages(one).await,
            several => self.logged_batch(several).await,
        };
        if answer.as_ref().is_err_and(|failure| failure.kind == Kind::TimedOut) {
            stalled.store(true, Ordering::Relaxed);
        }
        answer
    }

    async fn all_pages(&self, statement: &Statement) -> Answer {
        let mut table = Table::default();
        let mut position = PagingState::start();
        loop {
            let (page, next) =
                self.session.execute_single_page(&statement.prepared.statement, statement.cells, position).await?;
            table.add_page(statement.prepared, page)?;
            match next {
                PagingStateResponse::HasMorePages { state } => position = state,
                PagingStateResponse::NoMorePages => return Ok(table),
            }
        }
    }

    async fn logged_batch(&self, statements: &[Statement]) -> Answer {
        let texts =
            statements.iter().map(|s| BatchStatement::PreparedStatement(s.prepared.statement.clone())).collect();
        let batch = Batch::new_with_statements(BatchType::Logged, texts);
        let cells: Vec<Cells<'static>> = statements.iter().map(|s| s.cells).collect();
        self.session.batch(&batch, cells).await?;
        Ok(Table::default())
    }

    fn schema_version(&self) -> u64 {
        let now = Arc::downgrade(&self.session.get_cluster_state());
        let mut schema = self.schema.lock().unwrap_or_else(|e| e.into_inner());
        if !now.ptr_eq(&schema.seen) {
            schema.seen = now;
            schema.number += 1;
        }
        schema.number
    }

    /// The driver prepares a statement again when the server has forgotten it, and then sends the cells as they are. A table that was dropped and made anew
    /// with other types would take them for something else. So whenever the picture of the cluster changed, each statement is prepared once more before
    /// its next use, and one whose bind markers have other types is not executed again.
    async fn check_bind_markers(&self, requests: &Requests) {
        let version = self.schema_version();
        for Statement { prepared, .. } in requests.0.iter().flatten() {
            if prepared.checked.load(Ordering::Relaxed) == version {
                continue;
            }
            // A failure here says nothing about the types; the requests themselves will meet it and report it.
            let Ok(again) = self.prepare_on_server(prepared.statement.get_statement()).await else {
                return;
            };
            if !prepared.bind_markers.fits(again.get_variable_col_specs().as_slice()) {
                prepared.changed.store(true, Ordering::Relaxed);
            }
            prepared.checked.store(version, Ordering::Relaxed);
        }
    }
}
