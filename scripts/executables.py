"""Checks the executables of a release by their formats: what they need at run time, and how they are hardened."""

import re
import shutil
import struct
import subprocess

# Folders in which people and build machines keep sources.
BUILD_PATHS = re.compile(rb"(/home/|/root/|/Users/|[A-Z]:[\\/]+(Users|a)[\\/])[^\0]{0,60}")


def check(platform, path):
    """Returns what is wrong with an executable, one line for each fault."""
    data = path.read_bytes()
    faults = [f"has a path of the machine that built it: {found.group()!r}" for found in BUILD_PATHS.finditer(data)]
    system, architecture = platform.split("_")
    return faults + {"linux": _elf, "windows": _pe, "darwin": _mach_o}[system](architecture, path, data)


def _expect(facts):
    return [f"expected: {fact}" for fact, holds in facts.items() if not holds]


def _elf(architecture, path, data):
    machine = {"amd64": 62, "arm64": 183}[architecture]
    facts = {f"an ELF executable for {architecture}": data[:4] == b"\x7fELF" and data[18:20] == struct.pack("<H", machine)}
    if not shutil.which("readelf"):
        return _expect(facts)
    command = ["readelf", "--wide", "--file-header", "--program-headers", "--sections", "--dynamic", str(path)]
    headers = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    loads = re.findall(r"^ +LOAD .* ([R W]{2}[E ]) +0x", headers, re.M)
    return _expect(
        facts
        | {
            "no libraries and no loader (a static executable)": not re.search("INTERP|NEEDED", headers),
            "no symbols (stripped)": not re.search(r"\.symtab|\.debug", headers),
            "a position-independent executable": re.search(r"Type: +DYN", headers) and re.search("FLAGS_1.* PIE", headers),
            "full RELRO (GNU_RELRO and BIND_NOW)": "GNU_RELRO" in headers and re.search("BIND_NOW|FLAGS_1.* NOW", headers),
            "a stack that is not executable": re.search(r"GNU_STACK .* RW +0", headers),
            "no segment that is writable and executable": loads and "RWE" not in loads,
            "no relocations in code": "TEXTREL" not in headers,
        }
    )


def _pe(architecture, path, data):
    header = struct.unpack_from("<I", data, 0x3C)[0]
    machine, sections = struct.unpack_from("<HH", data, header + 4)
    options = header + 24
    flags = struct.unpack_from("<H", data, options + 70)[0]
    table = options + struct.unpack_from("<H", data, header + 20)[0]

    def offset(address):
        for number in range(sections):
            size, start, _, raw = struct.unpack_from("<IIII", data, table + 40 * number + 8)
            if start <= address < start + size:
                return raw + address - start
        raise ValueError(f"No section of the executable has the address {address:#x}")

    libraries = []
    imports = offset(struct.unpack_from("<I", data, options + 120)[0])
    while name := struct.unpack_from("<I", data, imports + 12)[0]:
        start = offset(name)
        libraries.append(data[start : data.index(b"\0", start)].decode().lower())
        imports += 20
    # The libraries of compilers do not come with Windows.
    foreign = [library for library in libraries if re.match("lib|vcruntime|msvcp", library)]
    return _expect(
        {
            f"an executable of Windows for {architecture}": machine == {"amd64": 0x8664, "arm64": 0xAA64}[architecture],
            f"no libraries but those of Windows, not {foreign}": "kernel32.dll" in libraries and not foreign,
            "addresses that change with each start (ASLR)": flags & 0x40,
            "data that is not executable (NX)": flags & 0x100,
        }
    )


def _mach_o(architecture, path, data):
    machine = {"amd64": 0x01000007, "arm64": 0x0100000C}[architecture]
    flags = struct.unpack_from("<I", data, 24)[0]
    facts = {
        f"a Mach-O executable for {architecture}": data[:8] == struct.pack("<II", 0xFEEDFACF, machine),
        "a position-independent executable": flags & 0x200000,
    }
    if shutil.which("otool"):
        libraries = subprocess.run(["otool", "-L", str(path)], check=True, capture_output=True, text=True).stdout
        foreign = [line for line in libraries.splitlines()[1:] if not re.match(r"\s+/(usr/lib|System)/", line)]
        facts[f"no libraries but those of macOS, not {foreign}"] = not foreign
    return _expect(facts)
