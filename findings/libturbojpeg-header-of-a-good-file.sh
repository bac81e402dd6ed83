#!/usr/bin/env bash
# libturbojpeg 2.1.5 (Debian 12): tjDecompressHeader3 returns -1, an error, for a JPEG whose chroma sampling is not among the six that it has names for
# (3 x 1, or 2 x 2 with one chroma channel twice as wide): "Could not determine subsampling type". Both are valid baseline files, which cjpeg of the same
# package writes. The call has filled in width and height all the same, and tjDecompress2 decodes the file. Whoever stops at the error refuses good
# pictures. Asked by Python's ctypes; prints both calls for three files, and fails where it is otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download libturbojpeg0=1:2.1.5-2 libjpeg62-turbo=1:2.1.5-2 libjpeg-turbo-progs=1:2.1.5-2 >apt.log 2>&1 || { cat apt.log; exit 1; }
for package in *.deb; do dpkg -x "$package" root; done
export LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(dirname "$(find "$folder/root" -name libturbojpeg.so.0)")
cat >ask.py <<'PY'
import ctypes, subprocess, sys

turbo = ctypes.CDLL("libturbojpeg.so.0")
turbo.tjInitDecompress.restype = ctypes.c_void_p
turbo.tjGetErrorStr.restype = ctypes.c_char_p
picture = b"P6 16 16 255\n" + bytes([200, 30, 60]) * 256
for sampling in ["2x2", "3x1", "2x2,1x1,2x1"]:
    jpeg = subprocess.run(["root/usr/bin/cjpeg", "-quality", "95", "-sample", sampling], input=picture, stdout=subprocess.PIPE, check=True).stdout
    handle, length = ctypes.c_void_p(turbo.tjInitDecompress()), ctypes.c_ulong(len(jpeg))
    width, height, subsampling, space = (ctypes.c_int() for _ in range(4))
    header = turbo.tjDecompressHeader3(handle, jpeg, length, ctypes.byref(width), ctypes.byref(height), ctypes.byref(subsampling), ctypes.byref(space))
    said = " " + turbo.tjGetErrorStr().decode() if header else ""
    pixels = ctypes.create_string_buffer(16 * 16 * 3)
    decoded = turbo.tjDecompress2(handle, jpeg, length, pixels, 16, 0, 16, 0, 0)
    near = all(abs(one - other) <= 3 for one, other in zip(pixels.raw, bytes([200, 30, 60]) * 256))
    print(f"{sampling}: header {header}{said}, {width.value} x {height.value}; decoding {decoded}, as it was written: {near}")
PY
output=$(/usr/bin/python3 ask.py)
echo "$output"
expected='2x2: header 0, 16 x 16; decoding 0, as it was written: True
3x1: header -1 tjDecompressHeader3(): Could not determine subsampling type for JPEG image, 16 x 16; decoding 0, as it was written: True
2x2,1x1,2x1: header -1 tjDecompressHeader3(): Could not determine subsampling type for JPEG image, 16 x 16; decoding 0, as it was written: True'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
