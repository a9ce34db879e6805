//! What can go wrong, brought down to the few kinds that the caller treats differently.

use crate::abi::{FailureView, Kind, OptionName, Text};
use crate::tls;
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
    /// Of `text` the first line counts; some errors of the driver explain themselves in several.
    pub fn new(kind: Kind, text: impl ToString) -> Failure {
        let text = text.to_string();
        Failure { kind, code: 0, text: text.lines().next().unwrap_or_default().to_owned() }
    }

    pub fn option(name: OptionName, text: impl ToString) -> Failure {
        Failure { code: name as i32, ..Failure::new(Kind::Misconfigured, text) }
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
                    Some(errors) => Failure::new(Kind::Untrusted, tls::reasons(errors)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn answered(error: DbError) -> RequestAttemptError {
        RequestAttemptError::DbError(error, "reason".to_owned())
    }

    #[test]
    fn errors_of_the_server_keep_their_code_and_text() {
        let failure = Failure::from(ExecutionError::from(answered(DbError::Invalid)));
        assert_eq!((failure.kind, failure.code, failure.text.as_str()), (Kind::Answered, 0x2200, "reason"));
        let failure = Failure::from(PrepareError::AllAttemptsFailed { first_attempt: answered(DbError::Unauthorized) });
        assert_eq!((failure.kind, failure.code), (Kind::Answered, 0x2100));
    }

    #[test]
    fn a_refused_user_is_told_apart_from_other_answers() {
        assert_eq!(Failure::from(answered(DbError::AuthenticationError)).kind, Kind::Unauthenticated);
        let pool = ConnectionPoolError::Broken { last_connection_error: ConnectionError::ConnectTimeout };
        assert_eq!(Failure::from(pool).kind, Kind::TimedOut);
    }

    #[test]
    fn a_server_that_is_away_is_unreachable() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let pool = ConnectionPoolError::Broken { last_connection_error: ConnectionError::IoError(Arc::new(refused)) };
        assert_eq!(Failure::from(NewSessionError::MetadataError(pool.into())).kind, Kind::Unreachable);
        assert_eq!(Failure::from(ExecutionError::EmptyPlan).kind, Kind::Unreachable);
    }

    #[test]
    fn what_is_too_large_is_unfit() {
        let key = ExecutionError::BadQuery(BadQuery::ValuesTooLongForKey(70_000, 65_535));
        assert_eq!(Failure::from(key).kind, Kind::Unfit);
        let batch = ExecutionError::BadQuery(BadQuery::TooManyQueriesInBatchStatement(70_000));
        assert_eq!(Failure::from(batch).kind, Kind::Unfit);
    }

    #[test]
    fn only_the_first_line_of_a_text_counts() {
        assert_eq!(Failure::new(Kind::Broken, "first\n\tsecond").text, "first");
    }

    #[test]
    fn the_view_of_a_boxed_failure_reads_its_text() {
        let boxed = FailureBox::new(Failure::option(OptionName::TlsCaFile, "no such file"));
        assert_eq!((boxed.view.kind, boxed.view.code), (Kind::Misconfigured, 1));
        assert_eq!(unsafe { boxed.view.text.get() }, Ok("no such file"));
    }
}
