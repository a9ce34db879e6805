//! The C ABI of driver.h over the scylla driver. What a function does and who owns what is said there.

mod abi;
mod answer;
mod cells;
mod connect;
mod execute;
mod failure;
mod shape;
mod tls;

use abi::{AnswerView, Kind, PositionView, RequestView, ShapeView, StatementView, Text};
use answer::Answers;
use execute::{Prepared, Requests};
use failure::{Failure, FailureBox};
use scylla::statement::Consistency;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

pub struct Session {
    runtime: Option<Runtime>,
    session: Option<Arc<execute::Session>>,
}

impl Session {
    fn parts(&self) -> Result<(&Runtime, &Arc<execute::Session>), Failure> {
        match (&self.runtime, &self.session) {
            (Some(runtime), Some(session)) => Ok((runtime, session)),
            _ => Err(Failure::new(Kind::Broken, "the session is closed")),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.session.take();
        // A name that is being looked up cannot be interrupted; it is not waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
    }
}

/// Runs `work` and turns a panic into a failure.
fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<&str>()
            .map(|text| text.to_string())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        Err(Failure::new(Kind::Broken, format!("panic in the driver: {text}")))
    })
}

/// # Safety
/// `failure` must be null or writable.
unsafe fn boxed_or<T>(result: Result<T, Failure>, failure: *mut *mut FailureBox) -> *mut T {
    match result {
        Ok(value) => Box::into_raw(Box::new(value)),
        Err(error) => {
            if !failure.is_null() {
                unsafe { *failure = Box::into_raw(FailureBox::new(error)) };
            }
            ptr::null_mut()
        }
    }
}

/// # Safety
/// `owned` must come from `boxed_or` or `FailureBox`, once.
unsafe fn free<T>(owned: *mut T) {
    if !owned.is_null() {
        // A panic while closing cannot be answered; it must only not leave.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(unsafe { Box::from_raw(owned) })));
    }
}

unsafe fn string(text: Text) -> Result<String, Failure> {
    match unsafe { text.get() } {
        Ok(text) => Ok(text.to_owned()),
        Err(e) => Err(Failure::option(abi::OptionName::Other, e)),
    }
}

fn consistency(name: &str) -> Result<Consistency, Failure> {
    Ok(match name {
        "" | "LOCAL_QUORUM" => Consistency::LocalQuorum,
        "ONE" => Consistency::One,
        "TWO" => Consistency::Two,
        "THREE" => Consistency::Three,
        "QUORUM" => Consistency::Quorum,
        "ALL" => Consistency::All,
        "LOCAL_ONE" => Consistency::LocalOne,
        "EACH_QUORUM" => Consistency::EachQuorum,
        other => return Err(Failure::option(abi::OptionName::Other, format!("no consistency is called {other}"))),
    })
}

unsafe fn options(from: &abi::Options) -> Result<connect::Options, Failure> {
    let millis = |ms: u32| Duration::from_millis(u64::from(ms.max(1)));
    let tls = match from.tls {
        0 => None,
        _ => Some(tls::Tls {
            ca_file: unsafe { string(from.tls_ca_file) }?,
            cert_file: unsafe { string(from.tls_cert_file) }?,
            key_file: unsafe { string(from.tls_key_file) }?,
            verify_host: from.tls_verify_host != 0,
        }),
    };
    Ok(connect::Options {
        hosts: unsafe { abi::items(from.hosts, from.host_count) }
            .iter()
            .map(|host| unsafe { string(*host) })
            .collect::<Result<_, _>>()?,
        user: unsafe { string(from.user) }?,
        password: unsafe { string(from.password) }?,
        consistency: consistency(&unsafe { string(from.consistency) }?)?,
        local_datacenter: unsafe { string(from.local_datacenter) }?,
        contact_point_datacenter: from.contact_point_datacenter != 0,
        tls,
        connect_timeout: millis(from.connect_timeout_ms),
        request_timeout: millis(from.request_timeout_ms),
        requests_in_flight_max: from.requests_in_flight_max.clamp(1, 32_768) as usize,
        page_rows: from.page_rows.clamp(1, i32::MAX as u32) as i32,
        io_threads: from.io_threads.clamp(1, 1024) as usize,
    })
}

fn connect(options: &connect::Options) -> Result<Session, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(options.io_threads)
        .thread_name("cassandra")
        .enable_all()
        .build()
        .map_err(|e| Failure::new(Kind::Broken, e))?;
    let session = runtime.block_on(connect::connect(options))?;
    Ok(Session { session: Some(Arc::new(execute::Session::new(session, options))), runtime: Some(runtime) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn lernd_cql_connect(from: &abi::Options, failure: *mut *mut FailureBox) -> *mut Session {
    unsafe { boxed_or(guarded(|| connect(&options(from)?)), failure) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn lernd_cql_session_free(session: *mut Session) {
    unsafe { free(session) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn lernd_cql_prepare(
    session: &Session,
    statement: Text,
    failure: *mut *mut FailureBox,
) -> *mut Prepared {
    let prepared = guarded(|| {
        let (runtime, session) = session.parts()?;
        let text = unsafe { string(statement) }?;
        runtime.block_on(session.prepare(&text))
    });
    unsafe { boxed_or(prepared, failure) }
}

#[unsafe(no_mangle)]
extern "C" fn lernd_cql_bind_markers(prepared: &Prepared) -> &ShapeView {
    prepared.bind_markers().view()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn lernd_cql_prepared_free(prepared: *mut Prepared) {
    unsafe { free(prepared) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn lernd_cql_execute(session: &Session, requests: *const RequestView, count: usize) -> *mut Answers {
    let answers = guarded(|| {
        let (runtime, session) = session.parts()?;
        // SAFETY: the caller's memory is valid during the call, and the call does not end before the task has.
        let requests = unsafe { Requests::of(abi::items(requests, count)) };
        let task = runtime.spawn(session.clone().execute(requests));
        runtime.block_on(task).map_err(|e| Failure::new(Kind::Broken, e))
    });
    unsafe { boxed_or(answers, ptr::null_mut()) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn lernd_cql_execute_page(
    session: &Session,
    statement: &StatementView,
    from: PositionView,
) -> *mut Answers {
    let answers = guarded(|| {
        let (runtime, session) = session.parts()?;
        let request = RequestView { statements: statement, count: 1 };
        // SAFETY: the caller's memory is valid during the call, and the call does not end before the task has.
        let requests = unsafe { Requests::of(std::slice::from_ref(&request)) };
        let from = unsafe { abi::items(from.data, from.size) }.to_vec();
        let task = runtime.spawn(session.clone().execute_page(requests, from));
        runtime.block_on(task).map_err(|e| Failure::new(Kind::Broken, e))
    });
    unsafe { boxed_or(answers, ptr::null_mut()) }
}

#[unsafe(no_mangle)]
extern "C" fn lernd_cql_next_position(answers: &Answers) -> PositionView {
    PositionView { data: answers.next.as_ptr(), size: answers.next.len() }
}

#[unsafe(no_mangle)]
extern "C" fn lernd_cql_answer_at(answers: &Answers, index: usize) -> AnswerView {
    answers.view(index)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn lernd_cql_answers_free(answers: *mut Answers) {
    unsafe { free(answers) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn lernd_cql_change_schema(session: &Session, statement: Text) -> *mut FailureBox {
    let done = guarded(|| {
        let (runtime, session) = session.parts()?;
        let text = unsafe { string(statement) }?;
        runtime.block_on(session.change_schema(&text))
    });
    match done {
        Ok(()) => ptr::null_mut(),
        Err(failure) => Box::into_raw(FailureBox::new(failure)),
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn lernd_cql_failure_free(failure: *mut FailureBox) {
    unsafe { free(failure) }
}
