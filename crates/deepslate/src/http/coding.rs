//! The content coding of an answer, without I/O. The client asks for none, but some gateways compress all the same.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use redaction::{Length, Secrets};

use crate::error::Malformed;

/// Returns the content of a body with this `Content-Encoding`, if the content has at most `longest` bytes. The last coding
/// was applied last.
pub(super) fn decoded(
    codings: &str,
    mut body: Vec<u8>,
    longest: usize,
    secrets: &Secrets,
) -> Result<Vec<u8>, Malformed> {
    for coding in codings.rsplit(',') {
        let coding = coding.trim().to_ascii_lowercase();
        body = match coding.as_str() {
            "" | "identity" => body,
            // Some gateways label an empty body too.
            _ if body.is_empty() => body,
            "gzip" | "x-gzip" => gunzipped(&body, longest).unwrap_or_else(|| Err(undecodable(&coding, secrets)))?,
            _ => return Err(undecodable(&coding, secrets)),
        }
    }
    Ok(body)
}

fn undecodable(coding: &str, secrets: &Secrets) -> Malformed {
    Malformed::Coding(secrets.show(&coding.into(), Length::Name))
}

/// The content, or `None` if the body is broken.
fn gunzipped(body: &[u8], longest: usize) -> Option<Result<Vec<u8>, Malformed>> {
    let (mut content, limit) = (Vec::new(), longest as u64 + 1);
    match MultiGzDecoder::new(body).take(limit).read_to_end(&mut content) {
        Err(_) => None,
        Ok(_) if content.len() > longest => Some(Err(Malformed::TooLarge)),
        Ok(_) => Some(Ok(content)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn decoded(coding: &str, body: Vec<u8>, longest: usize) -> Result<Vec<u8>, Malformed> {
        super::decoded(coding, body, longest, &Secrets::default())
    }

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).and_then(|()| encoder.finish()).expect("in memory")
    }

    #[test]
    fn decodes_gzip_by_each_of_its_names() {
        for coding in ["gzip", "x-gzip", " GZIP "] {
            assert_eq!(decoded(coding, gzip(b"{}"), 10), Ok(b"{}".to_vec()));
        }
        assert_eq!(decoded("gzip, identity,gzip", gzip(&gzip(b"{}")), 100), Ok(b"{}".to_vec()));
        let members = [gzip(b"{"), gzip(b"}")].concat();
        assert_eq!(decoded("gzip", members, 10), Ok(b"{}".to_vec()));
        for coding in ["", "identity", "Identity", "identity, "] {
            assert_eq!(decoded(coding, b"{}".to_vec(), 10), Ok(b"{}".to_vec()));
        }
        assert_eq!(decoded("br", Vec::new(), 10), Ok(Vec::new()));
    }

    #[test]
    fn names_a_coding_that_it_cannot_decode() {
        let error = |coding: &str| Err(undecodable(coding, &Secrets::default()));
        for coding in ["br", "zstd", "deflate", "compress"] {
            assert_eq!(decoded(coding, b"{}".to_vec(), 10), error(coding));
            assert_eq!(decoded(&format!("gzip, {coding}"), b"{}".to_vec(), 10), error(coding));
        }
        assert_eq!(decoded("gzip", b"{}".to_vec(), 10), error("gzip"));
        let mut cut = gzip(b"{}");
        cut.truncate(cut.len() - 9);
        assert_eq!(decoded("gzip", cut, 10), error("gzip"));
    }

    #[test]
    fn bounds_the_content_and_not_only_the_body() {
        assert_eq!(decoded("gzip", gzip(&[b' '; 1000]), 1000).map(|content| content.len()), Ok(1000));
        assert_eq!(decoded("gzip", gzip(&[b' '; 1001]), 1000), Err(Malformed::TooLarge));
        assert_eq!(decoded("gzip", gzip(&vec![b' '; 8 << 20]), 1 << 20), Err(Malformed::TooLarge));
    }
}
