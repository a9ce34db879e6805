//! What is to be sent, as ../script.h describes it.

use crate::Fault;

/// A statement with serialised cells, one after the other.
pub struct Part {
    pub statement: usize,
    pub cells: &'static [u8],
}

pub enum Request {
    /// Several parts are a logged batch. `rows` must come back, where the statement returns rows.
    Cql {
        rows: Option<usize>,
        parts: Vec<Part>,
    },
    Redis {
        cache: usize,
        replies: usize,
        commands: &'static [u8],
    },
    Http {
        service: usize,
        request: &'static [u8],
    },
}

/// Requests of one step go out at once; a step begins when the one before it is answered.
pub type Event = Vec<Vec<Request>>;

pub struct Cache {
    pub server: String,
    pub database: usize,
}

pub struct Script {
    pub statements: Vec<String>,
    pub caches: Vec<Cache>,
    /// As `host:port`.
    pub services: Vec<String>,
    pub events: Vec<Event>,
}

const CQL: usize = 0;
const REDIS: usize = 1;
const HTTP: usize = 2;
const NO_ROWS: usize = u32::MAX as usize;

impl Script {
    /// Takes the bytes as they are: they live as long as the process.
    pub fn read(file: &str) -> Result<Script, Fault> {
        let mut rest = Rest(Box::leak(std::fs::read(file)?.into_boxed_slice()));
        let statements = rest.list(Rest::string)?;
        let caches = rest.list(|rest| Ok(Cache { server: rest.string()?, database: rest.number()? }))?;
        let services = rest.list(Rest::string)?;
        let events = rest.list(|rest| rest.list(|rest| rest.list(request)))?;
        if rest.0.is_empty() {
            Ok(Script { statements, caches, services, events })
        } else {
            Err("the script is too long".into())
        }
    }
}

fn request(rest: &mut Rest) -> Result<Request, Fault> {
    match rest.number()? {
        CQL => {
            let rows = Some(rest.number()?).filter(|rows| *rows != NO_ROWS);
            let parts = rest.list(|rest| Ok(Part { statement: rest.number()?, cells: rest.text()? }))?;
            Ok(Request::Cql { rows, parts })
        }
        REDIS => Ok(Request::Redis { cache: rest.number()?, replies: rest.number()?, commands: rest.text()? }),
        HTTP => Ok(Request::Http { service: rest.number()?, request: rest.text()? }),
        _ => Err("the script has a request of no known kind".into()),
    }
}

struct Rest(&'static [u8]);

impl Rest {
    fn number(&mut self) -> Result<usize, Fault> {
        let (number, rest) = self.0.split_first_chunk::<4>().ok_or("the script ends too early")?;
        self.0 = rest;
        Ok(u32::from_le_bytes(*number) as usize)
    }

    fn text(&mut self) -> Result<&'static [u8], Fault> {
        let length = self.number()?;
        let (text, rest) = self.0.split_at_checked(length).ok_or("the script ends too early")?;
        self.0 = rest;
        Ok(text)
    }

    fn string(&mut self) -> Result<String, Fault> {
        Ok(std::str::from_utf8(self.text()?)?.to_owned())
    }

    fn list<T>(&mut self, item: impl Fn(&mut Rest) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
        (0..self.number()?).map(|_| item(self)).collect()
    }
}
