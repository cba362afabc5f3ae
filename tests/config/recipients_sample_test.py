#!/usr/bin/env python3
"""Checks config/recipients.sample.csv and config/report.sample.json against what the contract and the issue ask.

    recipients_sample_test.py [RECIPIENTS.csv [REPORT.json]]

Standard library only. Prints one line for each rule and, under a broken one, what breaks it. Exit 0 if every
rule holds, 1 otherwise. All rules are run, so that one broken line does not hide the next.
"""
import base64
import csv
import io
import json
import math
import pathlib
import re
import struct
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Contract, section 5: the CSV's columns, in this order, and the directory's words.
COLUMNS = ("id name category audience division latitude longitude crs coverage delivery via hours unit liaison "
           "languages endpoints").split()
POLICE_CATEGORIES = set("police_station command_centre traffic_police checkpoint border_checkpoint".split())
CATEGORIES = POLICE_CATEGORIES | set(
    "railway_station railway_operator metro_station bus_station airport port toll_gate taxi_platform hospital "
    "school hotel entertainment_venue internet_cafe mall scenic_area labour_market rescue_station child_welfare "
    "urban_management village_committee broadcaster emergency_broadcast newspaper outdoor_screen online_platform "
    "telecom volunteer_group regulator".split())
# What issue 2 names: a sample without one of these is no sample of the country's places.
CATEGORIES_WANTED = POLICE_CATEGORIES | set(
    "airport railway_station metro_station bus_station port toll_gate hospital broadcaster school mall scenic_area "
    "labour_market rescue_station emergency_broadcast newspaper online_platform telecom volunteer_group".split())
AUDIENCES = {"POLICE", "PARTNER", "PUBLIC"}
PUBLIC_CATEGORIES = {"volunteer_group", "outdoor_screen"}
CHANNELS = set("mqtt webhook wecom dingtalk feishu sms voice jpush getui apns fcm hms harmony honor xiaomi oppo "
               "vivo web_push unified_push ntfy".split())
LANGUAGES = {"zh-CN", "en", "ko", "mn"}
NAME_CHARS_MAX = 128
ENDPOINTS_MAX = 8

# GB/T 2260: the mainland's province codes.
PROVINCES = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53,
             54, 61, 62, 63, 64, 65}
# South, west, north, east, degrees, rounded outwards by at most a quarter of a degree.
CHINA_BOX = (18.0, 73.4, 53.6, 135.1)
PROVINCE_BOXES = {
    13: (36.0, 113.4, 42.7, 119.9),
    15: (37.3, 97.1, 53.4, 126.1),
    21: (38.4, 118.8, 43.5, 125.8),
    22: (40.8, 121.6, 46.4, 131.4),
    23: (43.4, 121.1, 53.6, 135.1),
}

# The provinces' boxes overlap widely, so prefectures are held to their seats: latitude, longitude.
PREFECTURES = {
    "1302": (39.63, 118.18), "1303": (39.93, 119.60), "1308": (40.95, 117.96),
    "1504": (42.26, 118.89), "1505": (43.65, 122.24),
    "2101": (41.80, 123.43), "2102": (38.91, 121.61), "2103": (41.11, 122.99), "2104": (41.88, 123.95),
    "2105": (41.29, 123.77), "2106": (40.12, 124.38), "2107": (41.11, 121.13), "2108": (40.67, 122.23),
    "2109": (42.01, 121.66), "2110": (41.27, 123.17), "2111": (41.12, 122.07), "2112": (42.29, 123.84),
    "2113": (41.57, 120.45), "2114": (40.71, 120.84),
    "2201": (43.88, 125.32), "2202": (43.84, 126.55), "2203": (43.17, 124.35), "2204": (42.89, 125.14),
    "2205": (41.72, 125.93), "2206": (41.94, 126.42), "2207": (45.14, 124.83), "2208": (45.62, 122.84),
    "2301": (45.80, 126.53),
}
SEAT_KM_MAX = 160
COUNTY_KM_MAX = 110  # between two of one county

RECIPIENTS_MIN = 330
NEAR_KM = 100
NEAR_MIN = 180
NEAR_SPOKEN_TO_MIN = 170  # POLICE and PARTNER: an exercise never reaches PUBLIC
RINGS_KM = ((100, 200, 40), (200, 300, 40), (300, 500, 50))
FARTHEST_KM = 500
QUICKSTART_STATIONS = 52  # --serve lists two stations of one division and fifty more

INVENTED_TELEPHONE = re.compile(r"024-5550-0[0-9]{3}")
DAY, CLOCK = "(Mo|Tu|We|Th|Fr|Sa|Su)", r"([01]\d|2[0-4]):[0-5]\d"
OPENING_HOURS = re.compile(f"{DAY}-{DAY} {CLOCK}-{CLOCK}")
CHILD_YEARS_MAX = 17
PHOTO_BYTES_MAX = 30 * 1024


def distance_km(a, b):
    """Haversine on the mean sphere, as the rules measure it."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(math.radians, p)) for p in (a, b))
    h = (math.sin((lat_b - lat_a) / 2) ** 2 +
         math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2)
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def within(box, place):
    south, west, north, east = box
    return south <= place[0] <= north and west <= place[1] <= east


class Checks:
    """Collects what breaks each rule."""

    def __init__(self):
        self.failed = 0

    def rule(self, text, broken):
        broken = list(broken)
        print(("ok      " if not broken else "BROKEN  ") + text)
        for one in broken[:20]:
            print(f"          {one}")
        if len(broken) > 20:
            print(f"          and {len(broken) - 20} more")
        self.failed += bool(broken)

    def least(self, text, number, wanted):
        self.rule(f"{text}: {number} (at least {wanted})", [] if number >= wanted else ["too few"])


class Row:
    """One recipient; `line` is where it stands in the file. A cell that does not parse is kept as an error."""

    def __init__(self, line, cells):
        self.line = line
        self.errors = []
        for column in COLUMNS:
            setattr(self, column, cells.get(column) or "")
        for column in ("coverage", "languages", "endpoints"):
            setattr(self, column, self.json_cell(column, list, []))
        self.liaison = self.json_cell("liaison", dict, {})
        self.place = self.position()

    def json_cell(self, column, kind, empty):
        text = getattr(self, column)
        if not text:
            return empty
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, kind):
            self.errors.append(f"{column} is no JSON {kind.__name__}")
            return empty
        return value

    def position(self):
        if not self.latitude and not self.longitude:
            return None
        for name in ("latitude", "longitude"):
            if not re.fullmatch(r"-?\d{1,3}\.\d{4,5}", getattr(self, name)):
                self.errors.append(f"{name} wants degrees with 4 or 5 decimals")
                return None
        return float(self.latitude), float(self.longitude)

    def __str__(self):
        return f"line {self.line}, {self.id or '(no id)'}"


def read_rows(path, checks):
    text = path.read_text(encoding="utf-8", errors="strict")
    rows, errors = [], []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        checks.rule("the header has the contract's columns in order",
                    [] if header == COLUMNS else [f"found {','.join(header)}"])
        for cells in reader:
            if len(cells) != len(header):
                errors.append(f"line {reader.line_num}: {len(cells)} cells instead of {len(header)}")
                continue
            rows.append(Row(reader.line_num, dict(zip(header, cells))))
    except csv.Error as error:
        errors.append(f"line {reader.line_num}: {error}")
    errors += [f"{row}: {error}" for row in rows for error in row.errors]
    checks.rule(f"every row parses ({len(rows)} rows)", errors)
    return rows


def check_identity(rows, checks):
    checks.least("recipients", len(rows), RECIPIENTS_MIN)
    checks.rule("ids are 1 to 64 of [A-Za-z0-9_-]",
                [row for row in rows if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", row.id)])
    for column in ("id", "name"):
        counts = Counter(getattr(row, column) for row in rows)
        checks.rule(f"each {column} stands once", [f"{value}: {n} times" for value, n in counts.items() if n > 1])
    checks.rule("names are Chinese and not too long",
                [row for row in rows
                 if not re.search("[\u4e00-\u9fff]", row.name) or len(row.name) > NAME_CHARS_MAX])


def check_words(rows, checks):
    checks.rule("categories are the contract's",
                [f"{row}: {row.category}" for row in rows if row.category not in CATEGORIES])
    checks.rule("every kind of place that the issue names is there",
                sorted(CATEGORIES_WANTED - {row.category for row in rows}))
    checks.rule("police categories are POLICE and no others are",
                [row for row in rows if (row.audience == "POLICE") != (row.category in POLICE_CATEGORIES)])
    checks.rule("audiences are known; volunteers and screens are PUBLIC, everybody else is not",
                [row for row in rows if row.audience not in AUDIENCES or
                 (row.audience == "PUBLIC") != (row.category in PUBLIC_CATEGORIES)])
    checks.rule("delivery is area, direct or left out",
                [row for row in rows if row.delivery not in ("", "area", "direct")])
    checks.rule("hours are opening_hours of the plain kind or left out",
                [f"{row}: {row.hours}" for row in rows if row.hours and not OPENING_HOURS.fullmatch(row.hours)])
    checks.rule("languages are known and zh-CN is among them",
                [row for row in rows if "zh-CN" not in row.languages or not set(row.languages) <= LANGUAGES])
    checks.rule("liaisons are a post and an invented telephone number",
                [row for row in rows if set(row.liaison) != {"post", "telephone"} or not row.liaison["post"] or
                 not INVENTED_TELEPHONE.fullmatch(row.liaison["telephone"])])
    telephones = Counter(row.liaison.get("telephone") for row in rows)
    checks.rule("no telephone number stands twice", [t for t, n in telephones.items() if n > 1])


def check_endpoints(rows, checks):
    broken = []
    for row in rows:
        if len(row.endpoints) > ENDPOINTS_MAX:
            broken.append(f"{row}: too many")
        for endpoint in row.endpoints:
            if not isinstance(endpoint, dict) or set(endpoint) != {"channel", "address"}:
                broken.append(f"{row}: wants channel and address, and no secret in a sample")
            elif endpoint["channel"] not in CHANNELS:
                broken.append(f"{row}: channel {endpoint['channel']}")
            elif endpoint["channel"] == "mqtt" and endpoint["address"]:
                broken.append(f"{row}: mqtt has no address")
    checks.rule("endpoints name known channels", broken)
    # What needs a gateway that is not set up is passed over; what was invented must reach nobody where one is.
    checks.rule("the telephones of endpoints are invented ones", [
        row for row in rows for endpoint in row.endpoints
        if endpoint.get("channel") in ("sms", "voice") and not INVENTED_TELEPHONE.fullmatch(endpoint.get("address", ""))])
    checks.least("recipients with further endpoints", sum(len(row.endpoints) > 1 for row in rows), 5)
    checks.rule("their usual one is MQTT, for the sample is tried without gateways",
                [row for row in rows if row.endpoints and row.endpoints[0].get("channel") != "mqtt"])


def check_places(rows, checks):
    checks.rule("divisions are six digits of a mainland county",
                [f"{row}: {row.division}" for row in rows
                 if not re.fullmatch(r"\d{6}", row.division) or int(row.division[:2]) not in PROVINCES or
                 row.division[2:4] == "00" or row.division[4:] in ("00", "01")])
    checks.rule("everybody has a position or a coverage",
                [row for row in rows if row.place is None and not row.coverage])
    checks.rule("coverage entries are 2, 4 or 6 digits of a mainland division, or *",
                [f"{row}: {entry}" for row in rows for entry in row.coverage
                 if entry != "*" and not (isinstance(entry, str) and re.fullmatch(r"(\d\d){1,3}", entry) and
                                          int(entry[:2]) in PROVINCES)])
    checks.rule("positions are WGS84, and only positions have a reference system",
                [row for row in rows if row.crs != ("WGS84" if row.place else "")])
    placed = [row for row in rows if row.place]
    checks.rule("positions lie in China's box", [row for row in placed if not within(CHINA_BOX, row.place)])
    checks.rule("positions lie in the box of the division's province",
                [f"{row}: {row.division}" for row in placed
                 if not within(PROVINCE_BOXES.get(int("0" + row.division[:2]), (0, 0, 0, 0)), row.place)])
    checks.rule(f"positions lie within {SEAT_KM_MAX} km of the seat of the division's prefecture",
                [f"{row}: {row.division}" for row in placed if row.division[:4] not in PREFECTURES or
                 distance_km(PREFECTURES[row.division[:4]], row.place) > SEAT_KM_MAX])
    checks.rule(f"two of one county are at most {COUNTY_KM_MAX} km apart",
                [f"{a} and {b}" for n, a in enumerate(placed) for b in placed[:n]
                 if a.division == b.division and distance_km(a.place, b.place) > COUNTY_KM_MAX])
    at = defaultdict(list)
    for row in placed:
        at[row.place].append(row)
    checks.rule("no two stand on one point unless one answers for the other",
                [" and ".join(map(str, group)) for group in at.values()
                 if len(group) > 1 and not all(row.via in {other.id for other in group} or
                                               any(other.via == row.id for other in group) for row in group)])


def check_references(rows, checks):
    by_id = {row.id: row for row in rows}
    for column in ("via", "unit"):
        checks.rule(f"{column} names another row",
                    [f"{row}: {getattr(row, column)}" for row in rows
                     if getattr(row, column) and (getattr(row, column) not in by_id or
                                                  getattr(row, column) == row.id)])
    members = [row for row in rows if row.via]
    checks.least("members that answer through somebody else", len(members), 1)
    checks.rule("who answers for members has a connection of its own, and members have none",
                [row for row in members
                 if row.endpoints or not by_id.get(row.via) or by_id[row.via].via or not by_id[row.via].endpoints])
    checks.rule("units are police command centres",
                [row for row in rows if row.unit in by_id and by_id[row.unit].category != "command_centre"])


def expected(rows, centre, radius_km, place_of_loss):
    """Who the contract expects within a circle, whatever the audience."""
    inside = {row.id for row in rows if row.place and distance_km(centre, row.place) <= radius_km}
    divisions = {place_of_loss} | {row.division for row in rows if row.id in inside}

    def covers(row):
        return any(entry == "*" or division.startswith(entry) for entry in row.coverage for division in divisions)

    return [row for row in rows if row.id in inside or covers(row)]


def check_rings(rows, centre, place_of_loss, checks):
    far = [(row, distance_km(centre, row.place)) for row in rows if row.place]
    checks.least(f"positioned within {NEAR_KM} km of the place of loss",
                 sum(km <= NEAR_KM for _, km in far), NEAR_MIN)
    for inner, outer, wanted in RINGS_KM:
        checks.least(f"positioned between {inner} and {outer} km",
                     sum(inner < km <= outer for _, km in far), wanted)
    checks.rule(f"nobody is farther than {FARTHEST_KM} km",
                [f"{row}: {km:.0f} km" for row, km in far if km > FARTHEST_KM])
    spoken_to = [row for row in expected(rows, centre, NEAR_KM, place_of_loss) if row.audience != "PUBLIC"]
    checks.least("POLICE and PARTNER whom an exercise reaches in the first ring", len(spoken_to), NEAR_SPOKEN_TO_MIN)
    checks.least("of them police", sum(row.audience == "POLICE" for row in spoken_to), 20)
    checks.least("of them by coverage", sum(row.place is None for row in spoken_to), 10)

    stations = [row for row in rows
                if row.place and not row.coverage and not row.via and row.audience == "PARTNER"
                and any(e.get("channel") == "mqtt" for e in row.endpoints if isinstance(e, dict))]
    police = {row.division for row in rows if row.audience == "POLICE"}
    pairs = [d for d, n in Counter(row.division for row in stations).items() if n >= 2 and d in police]
    checks.least("partners that can be stations of quickstart --serve", len(stations), QUICKSTART_STATIONS)
    checks.rule("the place of loss has two such stations and a police recipient",
                [] if place_of_loss in pairs else [place_of_loss])


def jpeg_size(data):
    """Width and height from the first frame header of a JPEG (ITU T.81, B.2.2), or None."""
    if data[:2] != b"\xff\xd8" or data[-2:] != b"\xff\xd9":
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2:at + 4])[0]
        if marker in (0xC0, 0xC1, 0xC2):
            height, width = struct.unpack(">HH", data[at + 5:at + 9])
            return width, height
        at += 2 + length
    return None


def instant(text):
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def identity_numbers(text):
    """Tokens with a valid GB 11643 check digit, which the daemon refuses."""
    weights = [2 ** (17 - i) % 11 for i in range(17)]
    for token in re.findall(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])", text):
        if "10X98765432"[sum(int(d) * w for d, w in zip(token, weights)) % 11] == token[17].upper():
            yield token


FIELDS = {
    "": "incidentNumber caseNumber reportingUnit exercise child lastSeen circumstances abductionSuspected suspect "
        "contact leadOfficer",
    "child": "name sex birthDate ageYears heightCm weightKg appearance clothing marks photo",
    "child.photo": "mediaType data",
    "lastSeen": "time timeLatest place division position",
    "lastSeen.position": "latitude longitude crs",
    "suspect": "description vehicle plate",
    "contact": "unit phone",
}


def unknown_fields(value, path=""):
    known = FIELDS[path].split()
    for key, inner in value.items():
        name = f"{path}.{key}" if path else key
        if key not in known:
            yield name
        elif name in FIELDS:
            if isinstance(inner, dict):
                yield from unknown_fields(inner, name)
            else:
                yield name


def check_report(report, checks):
    child, seen, contact = (report.get(key) or {} for key in ("child", "lastSeen", "contact"))
    checks.rule("the report has the contract's fields and no others", unknown_fields(report))
    checks.rule("the report has what is required at 3 a.m.", [name for name, given in (
        ("incidentNumber or caseNumber", report.get("incidentNumber") or report.get("caseNumber")),
        ("reportingUnit", report.get("reportingUnit")), ("exercise", "exercise" in report),
        ("child.birthDate or ageYears", child.get("birthDate") or "ageYears" in child),
        ("lastSeen.time", seen.get("time")), ("lastSeen.division", seen.get("division")),
        ("contact.phone", contact.get("phone"))) if not given])
    checks.rule("the report is an exercise and its child is called a role in it",
                [] if report.get("exercise") is True and str(child.get("name", "")).startswith("演练") else ["not"])
    checks.rule("the report is whole: everything that stations show is there", [
        name for name, holder in (("name", child), ("sex", child), ("heightCm", child), ("appearance", child),
                                  ("clothing", child), ("photo", child), ("place", seen), ("position", seen),
                                  ("timeLatest", seen), ("circumstances", report), ("suspect", report),
                                  ("unit", contact)) if not holder.get(name)])
    unit, division = str(report.get("reportingUnit", "")), str(seen.get("division", ""))
    checks.rule("the unit is 12 digits and of the place of loss",
                [] if re.fullmatch(r"\d{12}", unit) and unit[:6] == division and division in ("210102", "210103")
                else [f"{unit}, {division}"])
    time, latest = instant(seen.get("time")), instant(seen.get("timeLatest"))
    checks.rule("times are RFC 3339 in Beijing time and in order",
                [] if time and latest and time <= latest <= time + timedelta(days=1) else ["not"])
    try:
        born = date.fromisoformat(child.get("birthDate", ""))
        years = time.year - born.year - ((time.month, time.day) < (born.month, born.day)) if time else -1
    except ValueError:
        years = -1
    checks.rule(f"the child is a child ({years} years)", [] if 0 <= years <= CHILD_YEARS_MAX else ["not"])
    checks.rule("contact is a duty telephone, no person's", [] if contact.get("phone") == "110" else ["not 110"])
    checks.rule("no citizen identity number in any text", identity_numbers(json.dumps(report, ensure_ascii=False)))
    photo = child.get("photo") or {}
    try:
        data = base64.b64decode(photo.get("data", ""), validate=True)
    except ValueError:
        data = b""
    size = jpeg_size(data)
    checks.rule(f"the photo is a JPEG of a portrait's shape ({len(data)} bytes, {size})",
                [] if photo.get("mediaType") == "image/jpeg" and size and len(data) <= PHOTO_BYTES_MAX and
                200 <= size[0] < size[1] <= 2000 else ["not"])


def main(arguments):
    recipients = pathlib.Path(arguments[0]) if arguments else ROOT / "config/recipients.sample.csv"
    report_path = pathlib.Path(arguments[1]) if len(arguments) > 1 else ROOT / "config/report.sample.json"
    checks = Checks()
    report = json.loads(report_path.read_text(encoding="utf-8"))
    check_report(report, checks)
    rows = read_rows(recipients, checks)
    for check in (check_identity, check_words, check_endpoints, check_places, check_references):
        check(rows, checks)
    seen = report.get("lastSeen") or {}
    position = seen.get("position") or {}
    centre = (position.get("latitude", 0), position.get("longitude", 0))
    checks.rule("the report's position is WGS84, in central Shenyang",
                [] if position.get("crs") == "WGS84" and within((41.75, 123.36, 41.85, 123.48), centre) else ["not"])
    check_rings(rows, centre, str(seen.get("division", "")), checks)
    print(f"{checks.failed} rules broken" if checks.failed else "every rule holds")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
