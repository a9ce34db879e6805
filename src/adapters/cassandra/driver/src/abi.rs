//! The types of driver.h. Keep the two alike; nothing checks it.

use std::ptr;
use std::slice;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text {
    data: *const u8,
    size: usize,
}

impl Text {
    pub const EMPTY: Text = Text { data: ptr::null(), size: 0 };

    pub fn of(text: &str) -> Text {
        Text { data: text.as_ptr(), size: text.len() }
    }

    /// # Safety
    /// The memory must be valid for reads during `'a`.
    pub unsafe fn get<'a>(self) -> Result<&'a str, std::str::Utf8Error> {
        std::str::from_utf8(unsafe { items(self.data, self.size) })
    }
}

/// A pointer and a number as a slice; null is allowed for none.
///
/// # Safety
/// The memory must be valid for reads during `'a`.
pub unsafe fn items<'a, T>(data: *const T, count: usize) -> &'a [T] {
    if count == 0 { &[] } else { unsafe { slice::from_raw_parts(data, count) } }
}

#[repr(C)]
pub struct Options {
    pub hosts: *const Text,
    pub host_count: usize,
    pub user: Text,
    pub password: Text,
    pub consistency: Text,
    pub local_datacenter: Text,
    pub contact_point_datacenter: u8,
    pub tls: u8,
    pub tls_verify_host: u8,
    pub tls_ca_file: Text,
    pub tls_cert_file: Text,
    pub tls_key_file: Text,
    pub connect_timeout_ms: u32,
    pub request_timeout_ms: u32,
    pub requests_in_flight_max: u32,
    pub page_rows: u32,
    pub io_threads: u32,
}

#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Done = 0,
    Answered = 1,
    TimedOut = 2,
    Unreachable = 3,
    Unauthenticated = 4,
    Untrusted = 5,
    Misconfigured = 6,
    Unfit = 7,
    SchemaChanged = 8,
    Broken = 9,
}

#[repr(i32)]
#[derive(Clone, Copy)]
pub enum OptionName {
    TlsCaFile = 1,
    TlsCertFile = 2,
    TlsKeyFile = 3,
    LocalDatacenter = 4,
    Other = 5,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct FailureView {
    pub kind: Kind,
    pub code: i32,
    pub text: Text,
}

impl FailureView {
    pub const NONE: FailureView = FailureView { kind: Kind::Done, code: 0, text: Text::EMPTY };
}

#[repr(C)]
pub struct ColumnView {
    pub name: Text,
    pub typ: Text,
}

#[repr(C)]
pub struct ShapeView {
    pub id: u64,
    pub columns: *const ColumnView,
    pub column_count: usize,
}

#[repr(C)]
pub struct StatementView {
    pub prepared: *const crate::execute::Prepared,
    pub cells: *const u8,
    pub size: usize,
}

#[repr(C)]
pub struct RequestView {
    pub statements: *const StatementView,
    pub count: usize,
}

#[repr(C)]
pub struct PositionView {
    pub data: *const u8,
    pub size: usize,
}

#[repr(C)]
pub struct AnswerView {
    pub failure: FailureView,
    pub shape: *const ShapeView,
    pub cells: *const u8,
    pub size: usize,
    pub row_count: usize,
}
