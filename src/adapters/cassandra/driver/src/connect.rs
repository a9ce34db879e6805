//! From options to a session of the driver.

use crate::abi::OptionName;
use crate::failure::Failure;
use crate::tls::{self, Tls};
use scylla::client::PoolSize;
use scylla::client::execution_profile::{ExecutionProfile, ExecutionProfileHandle};
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::policies::load_balancing::{DefaultPolicy, LoadBalancingPolicy};
use scylla::policies::reconnect::ExponentialReconnectPolicy;
use scylla::policies::retry::FallthroughRetryPolicy;
use scylla::statement::{Consistency, SerialConsistency};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

pub struct Options {
    pub hosts: Vec<String>,
    pub user: String,
    pub password: String,
    pub consistency: Consistency,
    pub local_datacenter: String,
    pub contact_point_datacenter: bool,
    pub tls: Option<Tls>,
    pub connect_timeout: Duration,
    pub request_timeout: Duration,
    pub requests_in_flight_max: usize,
    pub page_rows: i32,
    pub io_threads: usize,
}

/// A server that comes back is used again within about this time.
const RECONNECT_DELAY_MAX: Duration = Duration::from_secs(1);
/// A connection whose other end is silently gone is given up after twice this time.
const KEEPALIVE: Duration = Duration::from_secs(10);
/// How soon the driver looks at what a schema change of somebody else did.
const SCHEMA_REFRESH: Duration = Duration::from_secs(2);

pub async fn connect(options: &Options) -> Result<Session, Failure> {
    let limit = options.connect_timeout + options.request_timeout;
    match tokio::time::timeout(limit, connect_without_limit(options)).await {
        Ok(result) => result,
        Err(_) => Err(Failure::timed_out()),
    }
}

async fn connect_without_limit(options: &Options) -> Result<Session, Failure> {
    let mut profile = profile(options, None).into_handle();
    let session = session_builder(options, &profile)?.build().await?;
    let datacenter = if !options.local_datacenter.is_empty() {
        Some(known_datacenter(&session, &options.local_datacenter)?)
    } else if options.contact_point_datacenter {
        Some(datacenter_of_contact_point(&session, &options.hosts).await?)
    } else {
        None
    };
    if let Some(name) = datacenter {
        profile.map_to_another_profile(self::profile(options, Some(name)));
    }
    Ok(session)
}

fn session_builder(options: &Options, profile: &ExecutionProfileHandle) -> Result<SessionBuilder, Failure> {
    let mut builder = SessionBuilder::new()
        .known_nodes(&options.hosts)
        .default_execution_profile_handle(profile.clone())
        .connection_timeout(options.connect_timeout)
        .pool_size(PoolSize::PerHost(NonZeroUsize::MIN))
        .tcp_keepalive_interval(KEEPALIVE)
        .keepalive_interval(KEEPALIVE)
        .keepalive_timeout(KEEPALIVE)
        .cluster_metadata_refresh_interval(SCHEMA_REFRESH);
    if !options.user.is_empty() {
        builder = builder.user(&options.user, &options.password);
    }
    if let Some(tls) = &options.tls {
        builder = builder.tls_context(Some(tls::context(tls)?));
    }
    builder.config.reconnect_policy =
        Arc::new(ExponentialReconnectPolicy::new().with_backoff_limits(Duration::from_millis(50), RECONNECT_DELAY_MAX));
    Ok(builder)
}

/// No retries in here: they belong to the caller, who counts them. With a data centre, nodes of others are never asked: LOCAL_QUORUM would be theirs.
fn profile(options: &Options, datacenter: Option<String>) -> ExecutionProfile {
    let policy: Arc<dyn LoadBalancingPolicy> = match datacenter {
        Some(name) => DefaultPolicy::builder().prefer_datacenter(name).permit_dc_failover(false).build(),
        None => DefaultPolicy::builder().build(),
    };
    ExecutionProfile::builder()
        .consistency(options.consistency)
        .serial_consistency(Some(SerialConsistency::LocalSerial))
        .request_timeout(Some(options.request_timeout))
        .retry_policy(Arc::new(FallthroughRetryPolicy::new()))
        .speculative_execution_policy(None)
        .load_balancing_policy(policy)
        .build()
}

fn known_datacenter(session: &Session, name: &str) -> Result<String, Failure> {
    let state = session.get_cluster_state();
    let mut known: Vec<&str> = state.get_nodes_info().iter().filter_map(|node| node.datacenter.as_deref()).collect();
    known.sort_unstable();
    known.dedup();
    if known.contains(&name) {
        return Ok(name.to_owned());
    }
    let text = format!("the cluster has no data centre {name}, only: {}", known.join(", "));
    Err(Failure::option(OptionName::LocalDatacenter, text))
}

async fn datacenter_of_contact_point(session: &Session, hosts: &[String]) -> Result<String, Failure> {
    let state = session.get_cluster_state();
    let nodes = state.get_nodes_info();
    for host in hosts {
        let Ok(addresses) = tokio::net::lookup_host(host).await else {
            continue;
        };
        for address in addresses {
            let node = nodes.iter().find(|node| node.address.ip() == address.ip());
            if let Some(name) = node.and_then(|node| node.datacenter.clone()) {
                return Ok(name);
            }
        }
    }
    let mut names = nodes.iter().filter_map(|node| node.datacenter.as_deref());
    let first = names.next();
    match first {
        Some(only) if names.all(|name| name == only) => Ok(only.to_owned()),
        _ => {
            let text = "no node has the address of a contact point, so its data centre is unknown";
            Err(Failure::option(OptionName::LocalDatacenter, text))
        }
    }
}
