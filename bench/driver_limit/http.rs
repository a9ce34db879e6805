//! Requests to HTTP servers as bare as they can be: bytes out, an answer with status 200 in.

use crate::Fault;
use crate::stream::Stream;
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc, oneshot};

/// Each has one request under way. As many as the job has to one service.
const CONNECTIONS: usize = 32;
/// Of a bulk, a part of which failed. It stands at the front of the answer, and in no other one.
const BULK_FAULT: &[u8] = b"\"errors\":true";
const FRONT_BYTES: usize = 64;

pub struct Http(mpsc::UnboundedSender<Job>);

struct Job {
    request: &'static [u8],
    done: oneshot::Sender<Result<(), Fault>>,
}

impl Http {
    pub async fn connect(server: &str) -> Result<Http, Fault> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let queue = Arc::new(Mutex::new(receiver));
        for _ in 0..CONNECTIONS {
            let mut stream = Stream::open(server).await?;
            let queue = queue.clone();
            tokio::spawn(async move {
                loop {
                    let job: Option<Job> = queue.lock().await.recv().await;
                    let Some(job) = job else { return };
                    // Who asked may have gone with another failure.
                    let _ = job.done.send(call(&mut stream, job.request).await);
                }
            });
        }
        Ok(Http(sender))
    }

    /// Sends a request, and returns when its answer is there. Another status than 200 is an error.
    pub async fn send(&self, request: &'static [u8]) -> Result<(), Fault> {
        let (done, outcome) = oneshot::channel();
        self.0.send(Job { request, done })?;
        outcome.await?
    }
}

async fn call(stream: &mut Stream, request: &[u8]) -> Result<(), Fault> {
    stream.write(request).await?;
    let status = String::from_utf8(stream.line().await?)?;
    let mut length = None;
    loop {
        let line = String::from_utf8(stream.line().await?)?.to_ascii_lowercase();
        match line.split_once(':') {
            Some(("content-length", value)) => length = Some(value.trim().parse()?),
            Some(_) => {}
            None => break,
        }
    }
    let body = stream.take(length.ok_or("an answer does not say how long it is")?).await?;
    if status.split(' ').nth(1) != Some("200") {
        return Err(format!("a server answers with {status}").into());
    }
    let front = &body[..body.len().min(FRONT_BYTES)];
    if front.windows(BULK_FAULT.len()).any(|window| window == BULK_FAULT) {
        return Err("a part of a bulk was refused".into());
    }
    Ok(())
}
