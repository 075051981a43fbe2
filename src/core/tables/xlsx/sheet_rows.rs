//! The rows of a sheet, one after the other.

use std::io::Read;

use super::cell::{RawCell, Shared, unusable};
use super::layout::Layout;
use super::limits::{Limits, MAX_COLUMNS, MAX_ROWS};
use super::part::Part;
use super::reference::{Area, Reference, column_letters};
use super::text::{self, read_rich_text};
use super::xml::XmlReader;
use crate::core::error::Failure;
use crate::core::tables::row::{Cell, Row, RowSource};

/// The rows of a sheet. Those without anything in them are left out.
pub struct SheetRows<S: Read> {
    xml: XmlReader<S>,
    shared: Shared,
    layout: Layout,
    includes_hidden: bool,
    cells_left: u64,
    state: State,
    /// The row that was read last, counted from 1.
    row: u32,
    /// The most cells of a row so far.
    width: usize,
    /// Whether a row with text was read: the first one has the names of the columns.
    has_header: bool,
    raw: RawCell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    InRows,
    End,
}

/// How deep the elements of a sheet are nested.
const SHEET: usize = 1;
const ROWS: usize = 2;
const ROW: usize = 3;
const CELL: usize = 4;
const VALUE: usize = 5;

impl<S: Read> SheetRows<S> {
    /// The rows of a sheet.
    ///
    /// * `name`: the part's name, for messages.
    ///
    /// # Errors
    /// If the part is no sheet.
    pub fn new(
        name: &str,
        part: Part<S>,
        shared: Shared,
        layout: Layout,
        includes_hidden: bool,
        limits: &Limits,
    ) -> Result<Self, Failure> {
        let mut xml = XmlReader::new(name, part, limits.depth);
        xml.root("worksheet")?;
        Ok(Self {
            xml,
            shared,
            layout,
            includes_hidden,
            cells_left: limits.cells,
            state: State::Before,
            row: 0,
            width: 0,
            has_header: false,
            raw: RawCell::default(),
        })
    }

    /// Reads the row whose start was read. `None` if there is nothing in it.
    fn read_row(&mut self) -> Result<Option<Row>, Failure> {
        let element = self.xml.element();
        let is_hidden = element.is_set("hidden") || element.number("ht") == Some(0.0);
        self.row = match element.attribute("r") {
            None => self.row.saturating_add(1),
            Some(text) => match text.trim().parse() {
                Ok(row) if row > self.row => row,
                _ => {
                    let after = self.row;
                    return Err(self.xml.damaged(format_args!(
                        "a row '{text}' is not in its place behind row {after}"
                    )));
                }
            },
        };
        if self.row > MAX_ROWS {
            return Err(self
                .xml
                .damaged(format_args!("there are more than {MAX_ROWS} rows")));
        }
        let mut cells = Vec::new();
        let mut has_text = false;
        while self.xml.next_child(ROW)? {
            if self.xml.element().is("c") {
                has_text |= self.read_cell(&mut cells)?;
            }
        }
        self.width = self.width.max(cells.len());
        if !has_text {
            return Ok(None);
        }
        self.mark_joined(&mut cells)?;
        self.has_header = true;
        Ok(Some(Row {
            number: self.row.into(),
            cells,
            is_hidden,
        }))
    }

    /// Reads the cell whose start was read into its place. Returns whether there is anything in it.
    fn read_cell(&mut self, cells: &mut Vec<Cell>) -> Result<bool, Failure> {
        let column = self.column(cells.len())?;
        let element = self.xml.element();
        self.raw.kind.clear();
        self.raw.kind.push_str(element.attribute("t").unwrap_or_default());
        self.raw.style = element.index("s");
        (self.raw.value, self.raw.inline, self.raw.has_formula) = (None, None, false);
        while self.xml.next_child(CELL)? {
            let element = self.xml.element();
            if element.is("f") {
                self.raw.has_formula = true;
            } else if element.is("v") {
                let mut value = String::new();
                self.xml.text(VALUE, &mut value, text::MAX_BYTES)?;
                self.raw.value = Some(value);
            } else if element.is("is") {
                self.raw.inline = Some(read_rich_text(&mut self.xml, VALUE)?);
            }
        }
        let mut cell = self.raw.read(&self.shared).map_err(|what| {
            self.xml.damaged(format_args!(
                "cell {}{}: {what}",
                column_letters(column),
                self.row
            ))
        })?;
        let is_empty = cell == Cell::Text(String::new());
        if !self.includes_hidden && self.has_header && !is_empty && self.layout.is_hidden(column) {
            cell = unusable("is in a hidden column; show it in Excel, or read hidden ones too (hidden)");
        }
        let index = column.saturating_sub(1) as usize;
        self.count((index.saturating_sub(cells.len()) as u64).saturating_add(1))?;
        cells.resize(index, Cell::Text(String::new()));
        cells.push(cell);
        Ok(!is_empty)
    }

    /// The column of the cell whose start was read, counted from 1.
    fn column(&self, last: usize) -> Result<u32, Failure> {
        let last = u32::try_from(last).unwrap_or(u32::MAX);
        let column = match self.xml.element().attribute("r") {
            None => last.saturating_add(1),
            Some(text) => match Reference::parse(text.trim()) {
                Some(reference) if reference.row == self.row && reference.column > last => reference.column,
                _ => {
                    let row = self.row;
                    return Err(self
                        .xml
                        .damaged(format_args!("a cell '{text}' is not in its place in row {row}")));
                }
            },
        };
        if column > MAX_COLUMNS {
            let row = self.row;
            return Err(self
                .xml
                .damaged(format_args!("row {row} has more than {MAX_COLUMNS} cells")));
        }
        Ok(column)
    }

    /// Marks the cells that lie under a joined one. Of those joined across rows all are marked, of others only those that have
    /// something in them, which Excel does not show.
    fn mark_joined(&mut self, cells: &mut Vec<Cell>) -> Result<(), Failure> {
        self.layout.go_to(self.row);
        let width = u32::try_from(self.width).unwrap_or(MAX_COLUMNS);
        let mut marked: u64 = 0;
        for area in self.layout.joined_here() {
            let is_across_rows = area.first.row != area.last.row;
            marked = marked.saturating_add(1);
            for column in area.first.column..=area.last.column.min(width) {
                marked = marked.saturating_add(1);
                if self.row == area.first.row && column == area.first.column {
                    continue;
                }
                let index = column.saturating_sub(1) as usize;
                if is_across_rows && cells.len() <= index {
                    cells.resize(index.saturating_add(1), Cell::Text(String::new()));
                }
                match cells.get_mut(index) {
                    Some(Cell::Text(text)) if text.is_empty() && !is_across_rows => {}
                    Some(cell) => *cell = joined_cell(area),
                    None => {}
                }
            }
        }
        self.count(marked)
    }

    /// Counts cells against their bound.
    fn count(&mut self, cells: u64) -> Result<(), Failure> {
        self.cells_left = self.cells_left.checked_sub(cells).ok_or_else(|| {
            Failure::input(
                "the sheet has more cells than are read; delete what is not needed, or save it as .csv",
            )
        })?;
        Ok(())
    }
}

fn joined_cell(area: &Area) -> Cell {
    let (first, last) = (area.first, area.last);
    unusable(format!(
        "is part of a joined cell ({}{}:{}{}); split the cell in Excel and fill each row",
        column_letters(first.column),
        first.row,
        column_letters(last.column),
        last.row
    ))
}

impl<S: Read + Send> RowSource for SheetRows<S> {
    fn next_row(&mut self) -> Result<Option<Row>, Failure> {
        loop {
            match self.state {
                State::End => return Ok(None),
                State::Before => {
                    if !self.xml.next_child(SHEET)? {
                        self.xml.finish()?;
                        self.state = State::End;
                    } else if self.xml.element().is("sheetData") {
                        self.state = State::InRows;
                    }
                }
                State::InRows => {
                    if !self.xml.next_child(ROWS)? {
                        self.state = State::Before;
                    } else if self.xml.element().is("row")
                        && let Some(row) = self.read_row()?
                    {
                        return Ok(Some(row));
                    }
                }
            }
        }
    }
}
