//! Commands to Redis as bare as they can be: bytes out, replies counted. What waits when a connection is free goes out as one pipeline.

use crate::Fault;
use crate::script::Cache;
use crate::stream::Stream;
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc, oneshot};

/// While one of them waits for replies, the next pipeline goes out on another.
const CONNECTIONS: usize = 2;
const PIPELINE_MAX: usize = 64;

pub struct Redis(mpsc::UnboundedSender<Job>);

struct Job {
    commands: &'static [u8],
    replies: usize,
    done: oneshot::Sender<Result<(), Fault>>,
}

impl Redis {
    pub async fn connect(cache: &Cache) -> Result<Redis, Fault> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let queue = Arc::new(Mutex::new(receiver));
        for _ in 0..CONNECTIONS {
            let mut connection = Connection::open(cache).await?;
            let queue = queue.clone();
            tokio::spawn(async move {
                let mut jobs = Vec::new();
                loop {
                    jobs.clear();
                    if queue.lock().await.recv_many(&mut jobs, PIPELINE_MAX).await == 0 {
                        return;
                    }
                    connection.serve(&mut jobs).await;
                }
            });
        }
        Ok(Redis(sender))
    }

    /// Sends the commands, and returns when all their replies are there. An error among them is one of the call.
    pub async fn send(&self, commands: &'static [u8], replies: usize) -> Result<(), Fault> {
        let (done, outcome) = oneshot::channel();
        self.0.send(Job { commands, replies, done })?;
        outcome.await?
    }
}

struct Connection(Stream);

impl Connection {
    async fn open(cache: &Cache) -> Result<Connection, Fault> {
        let mut connection = Connection(Stream::open(&cache.server).await?);
        connection.0.write(format!("SELECT {}\r\n", cache.database).as_bytes()).await?;
        connection.reply().await?;
        Ok(connection)
    }

    async fn serve(&mut self, jobs: &mut Vec<Job>) {
        let pipeline = jobs.iter().map(|job| job.commands).collect::<Vec<_>>().concat();
        let mut broken = self.0.write(&pipeline).await.err();
        for job in jobs.drain(..) {
            let mut outcome = Ok(());
            for _ in 0..job.replies {
                if broken.is_some() {
                    break;
                }
                match self.reply().await {
                    Ok(Some(error)) => outcome = Err(error.into()),
                    Ok(None) => {}
                    Err(fault) => broken = Some(fault),
                }
            }
            if let Some(fault) = &broken {
                outcome = Err(fault.to_string().into());
            }
            // Who asked may have gone with another failure.
            let _ = job.done.send(outcome);
        }
    }

    /// Reads one reply with all that is in it, and returns the error that stands there.
    async fn reply(&mut self) -> Result<Option<String>, Fault> {
        let mut error = None;
        let mut missing = 1;
        while missing > 0 {
            missing -= 1;
            let line = self.0.line().await?;
            let number = || Ok::<i64, Fault>(std::str::from_utf8(&line[1..])?.parse()?);
            match line.first() {
                Some(b'+' | b':') => {}
                Some(b'-') => error = Some(String::from_utf8_lossy(&line).into_owned()),
                Some(b'$') => {
                    if let Ok(length) = usize::try_from(number()?) {
                        self.0.take(length + 2).await?;
                    }
                }
                Some(b'*') => missing += usize::try_from(number()?).unwrap_or(0),
                _ => return Err("Redis sent what is no reply".into()),
            }
        }
        Ok(error)
    }
}
