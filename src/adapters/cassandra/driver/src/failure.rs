//! What can go wrong, brought down to the few kinds that the caller treats differently.

use crate::abi::{FailureView, Kind, OptionName, Text};
use scylla::errors::{
    BadQuery, ConnectionError, ConnectionPoolError, ConnectionSetupRequestErrorKind, DbError, ExecutionError,
    MetadataError, MetadataFetchErrorKind, NewSessionError, PrepareError, RequestAttemptError, SchemaAgreementError,
};

#[derive(Clone, Debug)]
pub struct Failure {
    pub kind: Kind,
    pub code: i32,
    pub text: String,
}

impl Failure {
    pub fn new(kind: Kind, text: impl ToString) -> Failure {
        Failure { kind, code: 0, text: text.to_string() }
    }

    pub fn option(name: OptionName, text: impl ToString) -> Failure {
        Failure { kind: Kind::Misconfigured, code: name as i32, text: text.to_string() }
    }

    pub fn timed_out() -> Failure {
        Failure::new(Kind::TimedOut, "no answer in time")
    }

    pub fn view(&self) -> FailureView {
        FailureView { kind: self.kind, code: self.code, text: Text::of(&self.text) }
    }

    fn answered(error: &DbError, reason: &str) -> Failure {
        let kind = match error {
            DbError::AuthenticationError => Kind::Unauthenticated,
            _ => Kind::Answered,
        };
        Failure { kind, code: error.code(&Default::default()), text: reason.to_owned() }
    }
}

/// A failure with the form it has for the caller. `view` points into `failure`, whose text stays where it is when the box moves.
#[repr(C)]
pub struct FailureBox {
    view: FailureView,
    failure: Failure,
}

impl FailureBox {
    pub fn new(failure: Failure) -> Box<FailureBox> {
        Box::new(FailureBox { view: failure.view(), failure })
    }
}

impl From<RequestAttemptError> for Failure {
    fn from(error: RequestAttemptError) -> Failure {
        match &error {
            RequestAttemptError::DbError(code, reason) => Failure::answered(code, reason),
            RequestAttemptError::BrokenConnectionError(_) | RequestAttemptError::UnableToAllocStreamId => {
                Failure::new(Kind::Unreachable, error)
            }
            RequestAttemptError::RepreparedIdChanged { .. } => {
                Failure::new(Kind::SchemaChanged, "the server knows the statement under another id")
            }
            _ => Failure::new(Kind::Broken, error),
        }
    }
}

impl From<ConnectionError> for Failure {
    fn from(error: ConnectionError) -> Failure {
        match &error {
            ConnectionError::ConnectTimeout => Failure::new(Kind::TimedOut, error),
            ConnectionError::IoError(io) => {
                let tls = io.get_ref().and_then(|inner| inner.downcast_ref::<openssl::ssl::Error>());
                match tls.and_then(openssl::ssl::Error::ssl_error) {
                    Some(reasons) => Failure::new(Kind::Untrusted, reasons),
                    None => Failure::new(Kind::Unreachable, error),
                }
            }
            ConnectionError::ConnectionSetupRequestError(request) => match &request.error {
                ConnectionSetupRequestErrorKind::DbError(code, reason) => Failure::answered(code, reason),
                ConnectionSetupRequestErrorKind::MissingAuthentication => {
                    Failure::new(Kind::Unauthenticated, "the server wants a user and a password")
                }
                _ => Failure::new(Kind::Unreachable, error),
            },
            _ => Failure::new(Kind::Unreachable, error),
        }
    }
}

impl From<ConnectionPoolError> for Failure {
    fn from(error: ConnectionPoolError) -> Failure {
        match error {
            ConnectionPoolError::Broken { last_connection_error } => last_connection_error.into(),
            _ => Failure::new(Kind::Unreachable, error),
        }
    }
}

impl From<MetadataError> for Failure {
    fn from(error: MetadataError) -> Failure {
        match error {
            MetadataError::ConnectionPoolError(pool) => pool.into(),
            MetadataError::FetchError(fetch) => match fetch.error {
                MetadataFetchErrorKind::PrepareError(request) => request.into(),
                other => Failure::new(Kind::Unreachable, other),
            },
            other => Failure::new(Kind::Broken, other),
        }
    }
}

impl From<NewSessionError> for Failure {
    fn from(error: NewSessionError) -> Failure {
        match error {
            NewSessionError::MetadataError(metadata) => metadata.into(),
            NewSessionError::FailedToResolveAnyHostname(_) => {
                Failure::new(Kind::Unreachable, "the host name cannot be resolved")
            }
            other => Failure::option(OptionName::Other, other),
        }
    }
}

impl From<PrepareError> for Failure {
    fn from(error: PrepareError) -> Failure {
        match error {
            PrepareError::ConnectionPoolError(pool) => pool.into(),
            PrepareError::AllAttemptsFailed { first_attempt } => first_attempt.into(),
            other => Failure::new(Kind::Broken, other),
        }
    }
}

impl From<SchemaAgreementError> for Failure {
    fn from(error: SchemaAgreementError) -> Failure {
        match error {
            SchemaAgreementError::ConnectionPoolError(pool) => pool.into(),
            SchemaAgreementError::PrepareError(prepare) => prepare.into(),
            SchemaAgreementError::RequestError(request) => request.into(),
            other => Failure::new(Kind::TimedOut, other),
        }
    }
}

impl From<ExecutionError> for Failure {
    fn from(error: ExecutionError) -> Failure {
        match error {
            ExecutionError::LastAttemptError(request) => request.into(),
            ExecutionError::ConnectionPoolError(pool) => pool.into(),
            ExecutionError::PrepareError(prepare) => prepare.into(),
            ExecutionError::SchemaAgreementError(agreement) => agreement.into(),
            ExecutionError::MetadataError(metadata) => metadata.into(),
            ExecutionError::RequestTimeout(_) => Failure::timed_out(),
            ExecutionError::EmptyPlan => Failure::new(Kind::Unreachable, "no node of the data centre can be reached"),
            ExecutionError::BadQuery(BadQuery::ValuesTooLongForKey(..)) => {
                Failure::new(Kind::Unfit, "a key is longer than 65535 bytes")
            }
            ExecutionError::BadQuery(BadQuery::TooManyQueriesInBatchStatement(_)) => {
                Failure::new(Kind::Unfit, "a group has more than 65535 statements")
            }
            other => Failure::new(Kind::Broken, other),
        }
    }
}
