use std::fmt;
use std::str::FromStr;

use super::Error;

/// The most digits, before and after the point together, that a number with an exponent may have without it. The largest
/// and the smallest `f64` need about 330. A number that comes without an exponent may have any number of digits.
const MAX_DIGITS: usize = 1_024;

/// A finite decimal number of any precision. Each number has one representation: `10`, `10.0` and `"10"` are equal.
///
/// As in cty, the `f64` nearest to 0.1 and the decimal 0.1 are different numbers: Terraform sends the second and expects it
/// unchanged.
#[derive(Clone, PartialEq, Debug)]
pub struct Number(pub(super) Form);

/// The first of these forms that holds the number exactly.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Form {
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    /// Without exponent, leading or trailing zeros.
    Decimal(String),
}

impl Number {
    /// Returns the number as an integer, or `None` if it has a fraction or is out of range.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Form::Signed(integer) => Some(integer),
            _ => None,
        }
    }
}

impl From<i64> for Number {
    fn from(integer: i64) -> Number {
        Number(Form::Signed(integer))
    }
}

impl From<u64> for Number {
    fn from(integer: u64) -> Number {
        Number(i64::try_from(integer).map_or(Form::Unsigned(integer), Form::Signed))
    }
}

/// Refuses infinities and NaN.
impl TryFrom<f64> for Number {
    type Error = Error;

    fn try_from(float: f64) -> Result<Number, Error> {
        if !float.is_finite() {
            return Err(Error::new("expected a finite number, found infinity or not a number"));
        }
        let integer = if float.fract() == 0.0 { integer(&format!("{float:.0}")) } else { None };
        Ok(Number(integer.unwrap_or(Form::Float(float))))
    }
}

/// Reads a decimal with optional sign, fraction and exponent.
impl FromStr for Number {
    type Err = Error;

    fn from_str(text: &str) -> Result<Number, Error> {
        let plain = without_exponent(text)
            .ok_or_else(|| Error::new("expected a decimal number, found other text or too large an exponent"))?;
        Ok(Number(integer(&plain).or_else(|| float(&plain)).unwrap_or(Form::Decimal(plain))))
    }
}

/// Decimal, without exponent.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Signed(integer) => integer.fmt(f),
            Form::Unsigned(integer) => integer.fmt(f),
            Form::Float(float) => float.fmt(f),
            Form::Decimal(text) => text.fmt(f),
        }
    }
}

fn integer(plain: &str) -> Option<Form> {
    plain.parse().map(Form::Signed).or_else(|_| plain.parse().map(Form::Unsigned)).ok()
}

/// Writes exactly the number of the float. An `f64` has at most 1074 decimals.
fn float(plain: &str) -> Option<Form> {
    let float: f64 = plain.parse().ok()?;
    let exactly = format!("{float:.1074}");
    (exactly.trim_end_matches('0').trim_end_matches('.') == plain).then_some(Form::Float(float))
}

/// Returns the number without exponent and without superfluous zeros, or `None` if the text is not a number or has too many
/// digits.
fn without_exponent(text: &str) -> Option<String> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }

    // The point is before the digit at `point`, which may lie outside of them.
    let leading_zeros = digits.len() - digits.trim_start_matches('0').len();
    let point = exponent.parse::<i64>().ok()?.checked_add(signed(whole.len())?)?.checked_sub(signed(leading_zeros)?)?;
    let digits = digits.trim_matches('0');
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    let length = signed(digits.len())?;
    let written = usize::try_from(length.max(point).checked_sub(point.min(0))?).ok()?;
    if written > MAX_DIGITS.max(text.len()) {
        return None;
    }
    Some(match usize::try_from(point) {
        Err(_) | Ok(0) => format!("{sign}0.{digits:0>written$}"),
        Ok(point) => match digits.split_at_checked(point) {
            Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
            _ => format!("{sign}{digits:0<written$}"),
        },
    })
}

fn signed(length: usize) -> Option<i64> {
    i64::try_from(length).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Number {
        text.parse().expect(text)
    }

    fn float(float: f64) -> Number {
        Number::try_from(float).expect("finite")
    }

    #[test]
    fn one_representation_for_each_number() {
        for text in ["10", "10.0", "1e1", "+10", "0010", "100e-1", "0.1E+2", "10."] {
            assert_eq!(parsed(text), Number::from(10_i64), "{text}");
        }
        for text in ["0", "-0", "0.000", "0e999999999", ".0"] {
            assert_eq!(parsed(text), Number::from(0_i64), "{text}");
        }
        assert_eq!(Number::from(10_u64), Number::from(10_i64));
        assert_eq!(float(10.0), Number::from(10_i64));
        assert_eq!(float(-0.0), Number::from(0_i64));
        assert_eq!(float(0.5), parsed("0.5"));
        assert_eq!(float(1e20), parsed("100000000000000000000"));
        assert_eq!(parsed("18446744073709551615"), Number::from(u64::MAX));
        assert_eq!(parsed("-9223372036854775808"), Number::from(i64::MIN));
    }

    #[test]
    fn keeps_what_no_float_holds() {
        assert_ne!(parsed("0.1"), float(0.1));
        for text in ["0.1", "-1.1", "0.001", "18446744073709551617", "123456789012345678901234567890.5"] {
            assert_eq!(parsed(text).0, Form::Decimal(text.into()));
        }
        assert_eq!(parsed("-12.5e-3").to_string(), "-0.0125");
        assert_eq!(parsed("1e23").0, Form::Decimal("1".to_owned() + &"0".repeat(23)));
        assert_eq!(parsed("1e400").to_string(), "1".to_owned() + &"0".repeat(400));
    }

    #[test]
    fn displays_in_decimal() {
        assert_eq!(parsed("1.50").to_string(), "1.5");
        assert_eq!(Number::from(65_536_i64).to_string(), "65536");
        assert_eq!(float(1e20).to_string(), "100000000000000000000");
    }

    #[test]
    fn is_an_integer_only_without_fraction_and_in_range() {
        assert_eq!(parsed("-3.0").as_i64(), Some(-3));
        assert_eq!(parsed("1.5").as_i64(), None);
        assert_eq!(Number::from(u64::MAX).as_i64(), None);
        assert_eq!(float(1e300).as_i64(), None);
    }

    #[test]
    fn refuses_text_that_is_not_a_decimal_number() {
        for text in
            ["", "-", ".", "e1", "1e", "1e1.5", "abc", "0x10", "1_000", " 1", "--1", "+-1", "1.2.3", "Inf", "NaN", "١"]
        {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
        for text in ["1e1024", "1e-1025", "1e9223372036854775807", "1e-9223372036854775808", "1e99999999999999999999"] {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
        for long in ["1".repeat(MAX_DIGITS + 1), format!("0.{}", "1".repeat(2 * MAX_DIGITS))] {
            assert_eq!(parsed(&long).to_string(), long);
        }
        assert!("1e1023".parse::<Number>().is_ok() && "1e-1024".parse::<Number>().is_ok());
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(Number::try_from(value).is_err());
        }
    }
}
