//! The page of a list that a call requests, and its order.

use std::cmp::Ordering;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde_json::Value;

use crate::envelope::{Envelope, Failure, PageInfo};
use crate::state::Api;

/// The query of a list.
pub(crate) struct Paging {
    /// From 0.
    page: usize,
    size: usize,
    /// The most important first; empty: oldest first.
    sort: Vec<Sort>,
    /// Whether items are cut down to their summaries.
    summaries: bool,
}

/// A property of the items to sort by.
struct Sort {
    property: String,
    descending: bool,
}

impl FromRequestParts<Arc<Api>> for Paging {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Failure> {
        let Query(query) = Query::<Vec<(String, String)>>::from_request_parts(parts, api)
            .await
            .map_err(|rejection| Failure::Invalid(rejection.body_text()))?;
        let mut paging = Self { page: 0, size: 20, sort: Vec::new(), summaries: api.config.summaries };
        for (name, value) in query {
            match name.as_str() {
                "size" if api.config.refuses_size => return Err(Failure::Invalid("`size` is unknown".to_owned())),
                "sort" if api.config.refuses_sort => return Err(Failure::Invalid("`sort` is unknown".to_owned())),
                "page" => paging.page = number("page", &value, 0)?,
                "size" => paging.size = number("size", &value, 1)?,
                "sort" => paging.sort.push(Sort::parse(&value)?),
                _ => {}
            }
        }
        paging.size = paging.size.min(api.config.max_page_size);
        Ok(paging)
    }
}

impl Paging {
    /// Lets a property be sorted by under another name too.
    pub(crate) fn rename(&mut self, alias: &str, property: &str) {
        for sort in self.sort.iter_mut().filter(|sort| sort.property == alias) {
            property.clone_into(&mut sort.property);
        }
    }

    /// The page that was asked for. `show` returns a full item. `summary` names the fields that a summary keeps.
    pub(crate) fn answer<'a, R: 'a>(
        &self,
        rows: impl ExactSizeIterator<Item = &'a R>,
        show: impl Fn(&R) -> Value,
        summary: &[&str],
    ) -> Result<Envelope, Failure> {
        let total = rows.len();
        let start = self.page.saturating_mul(self.size);
        let mut items: Vec<Value> = if self.sort.is_empty() {
            rows.skip(start).take(self.size).map(show).collect()
        } else {
            let mut all: Vec<_> = rows.map(show).collect();
            self.check_sort(all.first())?;
            all.sort_by(|left, right| self.compare(left, right));
            all.into_iter().skip(start).take(self.size).collect()
        };
        if self.summaries {
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                item.retain(|name, _| summary.contains(&name.as_str()));
            }
        }
        let page = PageInfo {
            page: self.page,
            size: self.size,
            total_elements: total,
            total_pages: total.div_ceil(self.size.max(1)),
        };
        Ok(Envelope { page: Some(page), ..Envelope::ok(items.into()) })
    }

    fn check_sort(&self, item: Option<&Value>) -> Result<(), Failure> {
        match self.sort.iter().find(|sort| item.is_some_and(|item| item.get(&sort.property).is_none())) {
            Some(sort) => Err(Failure::Invalid(format!("`sort` names an unknown property: `{}`", sort.property))),
            None => Ok(()),
        }
    }

    fn compare(&self, left: &Value, right: &Value) -> Ordering {
        self.sort.iter().fold(Ordering::Equal, |order, sort| {
            order.then_with(|| {
                let order = compare_values(&left[&sort.property], &right[&sort.property]);
                if sort.descending { order.reverse() } else { order }
            })
        })
    }
}

impl Sort {
    fn parse(text: &str) -> Result<Self, Failure> {
        let (property, direction) = text.split_once(',').unwrap_or((text, "asc"));
        let descending = match direction {
            "asc" => false,
            "desc" => true,
            _ => return Err(Failure::Invalid("`sort` must be `property,asc` or `property,desc`".to_owned())),
        };
        Ok(Self { property: property.to_owned(), descending })
    }
}

fn number(name: &str, text: &str, least: i32) -> Result<usize, Failure> {
    text.parse::<i32>()
        .ok()
        .filter(|number| *number >= least)
        .and_then(|number| usize::try_from(number).ok())
        .ok_or_else(|| Failure::Invalid(format!("`{name}` must be an integer of at least {least}")))
}

fn compare_values(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::String(left), Value::String(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        _ => left.as_i64().cmp(&right.as_i64()),
    }
}
