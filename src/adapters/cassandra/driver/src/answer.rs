//! Serialised cells on their way back.

use crate::abi::{AnswerView, FailureView, Kind};
use crate::execute::Prepared;
use crate::failure::Failure;
use crate::shape::Shape;
use scylla::deserialize::row::ColumnIterator;
use scylla::response::query_result::QueryResult;
use std::ptr;
use std::sync::Arc;

/// The rows of one request, all pages, as one run of cells.
#[derive(Default)]
pub struct Table {
    shape: Option<Arc<Shape>>,
    cells: Vec<u8>,
    row_count: usize,
}

impl Table {
    pub fn add_page(&mut self, prepared: &Prepared, page: QueryResult) -> Result<(), Failure> {
        if !page.is_rows() {
            return Ok(());
        }
        let broken = |e: &dyn std::fmt::Display| Failure::new(Kind::Broken, e);
        let page = page.into_rows_result().map_err(|e| broken(&e))?;
        match &self.shape {
            None => self.shape = Some(prepared.result_shape(&page)),
            Some(first) if first.fits(page.column_specs().as_slice()) => (),
            Some(_) => return Err(Failure::new(Kind::SchemaChanged, "the columns changed between two pages")),
        }
        self.row_count += page.rows_num();
        self.cells.reserve(page.rows_bytes_size());
        for row in page.rows::<ColumnIterator>().map_err(|e| broken(&e))? {
            for cell in row.map_err(|e| broken(&e))? {
                match cell.map_err(|e| broken(&e))?.slice {
                    Some(bytes) => {
                        let bytes = bytes.as_slice();
                        self.cells.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
                        self.cells.extend_from_slice(bytes);
                    }
                    None => self.cells.extend_from_slice(&(-1i32).to_be_bytes()),
                }
            }
        }
        Ok(())
    }
}

pub type Answer = Result<Table, Failure>;

pub struct Answers {
    pub all: Vec<Answer>,
    /// Where the next page begins, when only one was asked for; empty behind the last.
    pub next: Vec<u8>,
}

impl Answers {
    pub fn view(&self, index: usize) -> AnswerView {
        let empty =
            AnswerView { failure: FailureView::NONE, shape: ptr::null(), cells: ptr::null(), size: 0, row_count: 0 };
        match self.all.get(index) {
            Some(Ok(table)) => AnswerView {
                shape: table.shape.as_ref().map_or(ptr::null(), |shape| ptr::from_ref(shape.view())),
                cells: table.cells.as_ptr(),
                size: table.cells.len(),
                row_count: table.row_count,
                ..empty
            },
            Some(Err(failure)) => AnswerView { failure: failure.view(), ..empty },
            None => AnswerView { failure: FailureView { kind: Kind::Broken, ..FailureView::NONE }, ..empty },
        }
    }
}
