//! A connection, bytes out and in. What came and was not yet asked for is kept.

use crate::Fault;
use std::io::ErrorKind;
use tokio::net::TcpStream;

const BUFFER_BYTES: usize = 16 << 10;

pub struct Stream {
    stream: TcpStream,
    input: Vec<u8>,
    /// What of `input` is read already.
    start: usize,
}

impl Stream {
    pub async fn open(server: &str) -> Result<Stream, Fault> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Stream { stream, input: Vec::new(), start: 0 })
    }

    pub async fn write(&self, mut bytes: &[u8]) -> Result<(), Fault> {
        while !bytes.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Reads so many bytes.
    pub async fn take(&mut self, bytes: usize) -> Result<&[u8], Fault> {
        self.fill(bytes).await?;
        self.start += bytes;
        Ok(&self.input[self.start - bytes..self.start])
    }

    /// Reads a line, and returns it without its end.
    pub async fn line(&mut self) -> Result<Vec<u8>, Fault> {
        let mut searched = 0;
        loop {
            let rest = &self.input[self.start..];
            if let Some(end) = rest[searched..].windows(2).position(|pair| pair == b"\r\n") {
                let line = rest[..searched + end].to_vec();
                self.start += searched + end + 2;
                return Ok(line);
            }
            searched = rest.len().saturating_sub(1);
            let more = rest.len() + 1;
            self.fill(more).await?;
        }
    }

    /// Reads until there are at least so many bytes.
    async fn fill(&mut self, bytes: usize) -> Result<(), Fault> {
        if self.input.len() - self.start >= bytes {
            return Ok(());
        }
        self.input.drain(..self.start);
        self.start = 0;
        while self.input.len() < bytes {
            self.stream.readable().await?;
            let end = self.input.len();
            self.input.resize(end + BUFFER_BYTES, 0);
            let read = self.stream.try_read(&mut self.input[end..]);
            self.input.truncate(end + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) => return Err("a server closed the connection".into()),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
