//! The TLS context out of files.

use crate::abi::OptionName;
use crate::failure::Failure;
use openssl::error::ErrorStack;
use openssl::ssl::{SslConnector, SslFiletype, SslMethod, SslVerifyMode};
use openssl::x509::X509;
use openssl::x509::store::X509StoreBuilder;
use scylla::client::session::TlsContext;

pub struct Tls {
    pub ca_file: String,
    pub cert_file: String,
    pub key_file: String,
    pub verify_host: bool,
}

/// X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL.
const NAMES_ANOTHER_HOST: [i32; 2] = [62, 64];

/// What OpenSSL says, without its function names and source lines.
pub fn reasons(errors: &ErrorStack) -> String {
    let texts: Vec<&str> = errors.errors().iter().filter_map(|error| error.reason()).collect();
    if texts.is_empty() { "unusable".to_owned() } else { texts.join(", ") }
}

pub fn context(tls: &Tls) -> Result<TlsContext, Failure> {
    let other = |e: ErrorStack| Failure::option(OptionName::Other, reasons(&e));
    let mut builder = SslConnector::builder(SslMethod::tls_client()).map_err(other)?;
    if !tls.ca_file.is_empty() {
        // A store of its own: the named authorities are trusted instead of the system's, not besides them.
        let unusable = |e: String| Failure::option(OptionName::TlsCaFile, e);
        let pem = std::fs::read(&tls.ca_file).map_err(|e| unusable(e.to_string()))?;
        let authorities = X509::stack_from_pem(&pem).map_err(|e| unusable(reasons(&e)))?;
        if authorities.is_empty() {
            return Err(unusable("no certificate in PEM format".to_owned()));
        }
        let mut store = X509StoreBuilder::new().map_err(other)?;
        for authority in authorities {
            store.add_cert(authority).map_err(|e| unusable(reasons(&e)))?;
        }
        builder.set_cert_store(store.build());
    }
    if !tls.cert_file.is_empty() {
        builder
            .set_certificate_chain_file(&tls.cert_file)
            .map_err(|e| Failure::option(OptionName::TlsCertFile, reasons(&e)))?;
    }
    if !tls.key_file.is_empty() {
        builder
            .set_private_key_file(&tls.key_file, SslFiletype::PEM)
            .and_then(|()| builder.check_private_key())
            .map_err(|e| Failure::option(OptionName::TlsKeyFile, reasons(&e)))?;
    }
    if !tls.verify_host {
        // The driver asks for the node's address in the certificate; only this one complaint is waived, the chain stays verified.
        builder.set_verify_callback(SslVerifyMode::PEER, |trusted, chain| {
            trusted || NAMES_ANOTHER_HOST.contains(&chain.error().as_raw())
        });
    }
    Ok(TlsContext::from(scylla::client::session::OpenSsl010Config::new(builder)))
}
