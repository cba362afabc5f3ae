#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "adapters/wire/json.hpp"
#include "json_schema.hpp"
#include "tuanyuan/v1/answer.pb.h"
#include "tuanyuan/v1/case.pb.h"
#include "tuanyuan/v1/notice.pb.h"
#include "tuanyuan/v1/report.pb.h"

namespace tuanyuan::wire {
namespace {

using core::Errc;

// What comes back when the text is read and written again, only the fields that were set.
std::string reread(std::string_view text) {
  const auto everything = make_everything();
  const core::Result<void> result = decode_json(text, *everything);
  return result ? everything->ShortDebugString() : "refused";
}

// "path: message" of everything that is wrong with the text.
std::vector<std::string> wrong(std::string_view text, google::protobuf::Message& into,
                               const JsonLimits& limits = {}) {
  const core::Result<void> result = decode_json(text, into, limits);
  std::vector<std::string> lines;
  if (result) {
    return lines;
  }
  EXPECT_EQ(result.error().code, Errc::invalid) << text;
  for (const core::FieldError& field : result.error().fields) {
    EXPECT_FALSE(field.message.zh.empty());
    lines.push_back(field.path + ": " + field.message.en);
  }
  return lines;
}

std::vector<std::string> wrong(std::string_view text) {
  const auto everything = make_everything();
  return wrong(text, *everything);
}

using Lines = std::vector<std::string>;

Errc refused_as(std::string_view text, const JsonLimits& limits = {}) {
  const auto everything = make_everything();
  const core::Result<void> result = decode_json(text, *everything, limits);
  EXPECT_TRUE(result.has_error()) << text;
  EXPECT_EQ(everything->ByteSizeLong(), 0U);
  return result ? Errc::unavailable : result.error().code;
}

TEST(JsonDecode, EveryKindOfFieldIsReadFromItsForms) {
  const std::pair<const char*, const char*> table[] = {
      {R"({})", ""},
      {R"( { } )", ""},
      {R"({"real":41.8057})", "real: 41.8057"},
      {R"({"real":1})", "real: 1"},
      {R"({"real":-1.5e3})", "real: -1500"},
      {R"({"real":"2.5"})", "real: 2.5"},
      {R"({"smallReal":0.1})", "small_real: 0.1"},
      {R"({"int32Number":-2147483648})", "int32_number: -2147483648"},
      {R"({"int32Number":"2147483647"})", "int32_number: 2147483647"},
      {R"({"int32Number":1e2})", "int32_number: 100"},
      {R"({"int32Number":3.0})", "int32_number: 3"},
      {R"({"int32Number":"1e2"})", "int32_number: 100"},
      {R"({"uint32Number":4294967295})", "uint32_number: 4294967295"},
      {R"({"uint32Number":-0})", ""},
      {R"({"int64Number":"-9223372036854775808"})", "int64_number: -9223372036854775808"},
      {R"({"int64Number":9223372036854775807})", "int64_number: 9223372036854775807"},
      {R"({"uint64Number":18446744073709551615})", "uint64_number: 18446744073709551615"},
      {R"({"uint64Number":"18446744073709551615"})", "uint64_number: 18446744073709551615"},
      {R"({"sint32Number":-1,"sint64Number":"-1"})", "sint32_number: -1 sint64_number: -1"},
      {R"({"fixed32Number":1,"fixed64Number":1})", "fixed32_number: 1 fixed64_number: 1"},
      {R"({"sfixed32Number":-1,"sfixed64Number":-1})", "sfixed32_number: -1 sfixed64_number: -1"},
      {R"({"truth":true})", "truth: true"},
      {R"({"text":"a\"\\\/\u0041\n"})", R"(text: "a\"\\/A\n")"},
      {R"({"raw":"+//+/w=="})", R"(raw: "\373\377\376\377")"},
      {R"({"raw":"-__-_w"})", R"(raw: "\373\377\376\377")"},
      {R"({"shade":"RED"})", "shade: RED"},
      {R"({"shade":"deep_blue"})", "shade: deep_blue"},
      {R"({"shade":"BELOW"})", "shade: BELOW"},
      {R"({"shade":"SHADE_UNSPECIFIED"})", ""},
      {R"({"maybeShade":"SHADE_UNSPECIFIED"})", "maybe_shade: SHADE_UNSPECIFIED"},
      {R"({"maybeNumber":0})", "maybe_number: 0"},
      {R"({"maybeText":""})", R"(maybe_text: "")"},
      {R"({"child":{"child":{}}})", "child { child { } }"},
      {R"({"at":"2024-01-31T03:00:00.5+08:00"})", "at { seconds: 1706641200 nanos: 500000000 }"},
      {R"({"mask":"child.birthDate,photo.sha256"})",
       R"(mask { paths: "child.birth_date" paths: "photo.sha256" })"},
      {R"({"mask":""})", "mask { }"},
      {R"({"leftText":""})", R"(left_text: "")"},
      {R"({"middleChild":{"rightNumber":1}})", "middle_child { right_number: 1 }"},
      {R"({"int32Numbers":[1,"2",3e0]})", "int32_numbers: 1 int32_numbers: 2 int32_numbers: 3"},
      {R"({"texts":[]})", ""},
      {R"({"truths":[true,false]})", "truths: true truths: false"},
      {R"({"shades":["RED"],"raws":["Zg"]})", R"(raws: "f" shades: RED)"},
      {R"({"reals":[1.5],"smallReals":[2.5],"int64Numbers":["1"],"uint32Numbers":[1],"uint64Numbers":[1]})",
       "reals: 1.5 small_reals: 2.5 int64_numbers: 1 uint32_numbers: 1 uint64_numbers: 1"},
      {R"({"children":[{},{"truth":true}]})", "children { } children { truth: true }"},
      {R"({"times":["1970-01-01T00:00:01Z"]})", "times { seconds: 1 }"},
      {R"({"byText":{"":7}})", R"(by_text { key: "" value: 7 })"},
      {R"({"byNumber":{"-5":"x"}})", R"(by_number { key: -5 value: "x" })"},
      {R"({"byTruth":{"true":1}})", "by_truth { key: true value: 1 }"},
      {R"({"byWideNumber":{"18446744073709551615":"Zg"}})",
       R"(by_wide_number { key: 18446744073709551615 value: "f" })"},
      {R"({"childByText":{"a":{"truth":true}}})", R"(child_by_text { key: "a" value { truth: true } })"},
      {R"({"shadeByText":{"a":"RED"}})", R"(shade_by_text { key: "a" value: RED })"},
      {R"({"timeByText":{"a":"1970-01-01T00:00:01Z"}})", R"(time_by_text { key: "a" value { seconds: 1 } })"},
  };
  for (const auto& [text, message] : table) {
    EXPECT_EQ(reread(text), message) << text;
  }
}

TEST(JsonDecode, OriginalNamesAreReadLikeLowerCamelCase) {
  EXPECT_EQ(reread(R"({"int32_number":1,"by_text":{"a":1}})"), R"(int32_number: 1 by_text { key: "a" value: 1 })");
  EXPECT_EQ(wrong(R"({"Int32Number":1})"), (Lines{"Int32Number: unknown field"}));
}

TEST(JsonDecode, NullIsAbsence) {
  EXPECT_EQ(reread(R"({"real":null,"truth":null,"text":null,"maybeText":null,"child":null,"at":null,"mask":null,
                       "shade":null,"texts":null,"byText":null,"leftText":null,"rightNumber":1})"),
            "right_number: 1");
}

TEST(JsonDecode, NullInAListOrMapIsRefused) {
  EXPECT_EQ(wrong(R"({"texts":["a",null],"children":[null],"byText":{"a":null}})"),
            (Lines{"texts[1]: must not be null here", "children[0]: must not be null here",
                   "byText.a: must not be null here"}));
}

TEST(JsonDecode, UnknownFieldsAreRefusedByNameAtEveryDepth) {
  EXPECT_EQ(wrong(R"({"dna":{"a":[1,{"b":2}]},"child":{"idNumber":"1"},"children":[{},{"x":[]}],
                      "childByText":{"k":{"y":null}},"truth":true})"),
            (Lines{"dna: unknown field", "child.idNumber: unknown field", "children[1].x: unknown field",
                   "childByText.k.y: unknown field"}));
}

TEST(JsonDecode, NamesGivenTwiceAreRefused) {
  EXPECT_EQ(
      wrong(R"({"truth":true,"truth":true,"int32Number":1,"int32_number":[2],"text":null,"text":null,
                      "byText":{"a":1,"a":{}},"child":{"raw":"","raw":""}})"),
      (Lines{"truth: given more than once", "int32Number: given more than once", "text: given more than once",
             "byText.a: given more than once", "child.raw: given more than once"}));
}

TEST(JsonDecode, TheSameNameInDifferentObjectsIsFine) {
  EXPECT_EQ(wrong(R"({"children":[{"text":"a"},{"text":"b"}],"text":"c","child":{"text":"d"}})"), Lines{});
}

TEST(JsonDecode, OnlyOneOfAOneofMayBeGiven) {
  EXPECT_EQ(wrong(R"({"leftText":"a","middleChild":{"text":"b"},"rightNumber":1,"truth":true})"),
            (Lines{"middleChild: excludes another field that is given too",
                   "rightNumber: excludes another field that is given too"}));
}

TEST(JsonDecode, WrongTypesAreRefusedEachWithWhatIsNeeded) {
  const std::pair<const char*, const char*> table[] = {
      {R"({"real":true})", "real: must be a number"},
      {R"({"real":"x"})", "real: must be a number"},
      {R"({"real":""})", "real: must be a number"},
      {R"({"real":"NaN"})", "real: must be a number"},
      {R"({"real":"Infinity"})", "real: must be a number"},
      {R"({"real":"+1"})", "real: must be a number"},
      {R"({"real":"0x10"})", "real: must be a number"},
      {R"({"real":".5"})", "real: must be a number"},
      {R"({"real":"5."})", "real: must be a number"},
      {R"({"real":"1e"})", "real: must be a number"},
      {R"({"real":"1e+"})", "real: must be a number"},
      {R"({"real":"01"})", "real: must be a number"},
      {R"({"real":"1 "})", "real: must be a number"},
      {R"({"real":[1]})", "real: must be a number"},
      {R"({"smallReal":{}})", "smallReal: must be a number"},
      {R"({"int32Number":"abc"})", "int32Number: must be a whole number"},
      {R"({"int32Number":1.5})", "int32Number: must be a whole number"},
      {R"({"int64Number":"1.5"})", "int64Number: must be a whole number"},
      {R"({"uint32Number":false})", "uint32Number: must be a whole number"},
      {R"({"truth":1})", "truth: must be true or false"},
      {R"({"truth":"true"})", "truth: must be true or false"},
      {R"({"truth":{}})", "truth: must be true or false"},
      {R"({"text":1})", "text: must be a text"},
      {R"({"text":true})", "text: must be a text"},
      {R"({"text":["a"]})", "text: must be a text"},
      {R"({"raw":"a!"})", "raw: must be base64"},
      {R"({"raw":12})", "raw: must be base64"},
      {R"({"shade":1})", "shade: must be one of RED, deep_blue, BELOW"},
      {R"({"shade":"1"})", "shade: must be one of RED, deep_blue, BELOW"},
      {R"({"shade":"red"})", "shade: must be one of RED, deep_blue, BELOW"},
      {R"({"shade":""})", "shade: must be one of RED, deep_blue, BELOW"},
      {R"({"child":"x"})", "child: must be an object"},
      {R"({"child":[]})", "child: must be an object"},
      {R"({"child":1})", "child: must be an object"},
      {R"({"at":1})", "at: must be an RFC 3339 time such as 2024-01-31T03:00:00+08:00"},
      {R"({"at":{"seconds":1}})", "at: must be an RFC 3339 time such as 2024-01-31T03:00:00+08:00"},
      {R"({"at":"yesterday"})", "at: must be an RFC 3339 time such as 2024-01-31T03:00:00+08:00"},
      {R"({"mask":"birth_date"})", "mask: must be field paths, separated by commas"},
      {R"({"mask":"a,,b"})", "mask: must be field paths, separated by commas"},
      {R"({"mask":"a,"})", "mask: must be field paths, separated by commas"},
      {R"({"mask":"a..b"})", "mask: must be field paths, separated by commas"},
      {R"({"mask":".a"})", "mask: must be field paths, separated by commas"},
      {R"({"mask":"a."})", "mask: must be field paths, separated by commas"},
      {R"({"mask":"A"})", "mask: must be field paths, separated by commas"},
      {R"({"mask":"a b"})", "mask: must be field paths, separated by commas"},
      {R"({"mask":["a"]})", "mask: must be field paths, separated by commas"},
      {R"({"texts":"a"})", "texts: must be a list"},
      {R"({"texts":{}})", "texts: must be a list"},
      {R"({"texts":[["a"]]})", "texts[0]: must be a text"},
      {R"({"children":[{},[]]})", "children[1]: must be an object"},
      {R"({"byText":[]})", "byText: must be an object"},
      {R"({"byText":1})", "byText: must be an object"},
      {R"({"byText":{"a":[1]}})", "byText.a: must be a whole number"},
      {R"({"byNumber":{"x":""}})", "byNumber.x: the key is not of the right kind"},
      {R"({"byNumber":{"x":{}}})", "byNumber.x: the key is not of the right kind"},
      {R"({"byTruth":{"1":1}})", "byTruth.1: the key is not of the right kind"},
      {R"([])", ": must be an object"},
      {R"([{"truth":true}])", ": must be an object"},
      {R"("x")", ": must be an object"},
      {R"(null)", ": must be an object"},
      {R"(1)", ": must be an object"},
      {R"(true)", ": must be an object"},
  };
  for (const auto& [text, line] : table) {
    EXPECT_EQ(wrong(text), Lines{line}) << text;
  }
}

TEST(JsonDecode, NumbersOutOfRangeAreRefused) {
  for (const char* field : {
           R"("int32Number":2147483648)",
           R"("int32Number":-2147483649)",
           R"("int32Number":"2147483648")",
           R"("int32Number":1e10)",
           R"("uint32Number":4294967296)",
           R"("uint32Number":-1)",
           R"("int64Number":9223372036854775808)",
           R"("int64Number":"-9223372036854775809")",
           R"("int64Number":1e300)",
           R"("uint64Number":18446744073709551616)",
           R"("uint64Number":-1)",
           R"("real":1e400)",
           R"("real":-1e400)",
           R"("real":"1e400")",
           R"("smallReal":1e39)",
           // Exact only if written out: the exponent form went through a double.
           R"("uint64Number":9007199254740993.0)",
           R"("int64Number":9.1e15)",
       }) {
    const std::vector<std::string> lines = wrong("{" + std::string(field) + "}");
    ASSERT_EQ(lines.size(), 1U) << field;
    EXPECT_NE(lines[0].find(": the number is out of range"), std::string::npos) << field;
  }
}

TEST(JsonDecode, RealsAreTheNearestToTheirText) {
  v1::Circle circle;
  for (const double value : {41.8057, 123.43150000000001, 0.1, 1.7976931348623157e308, 5e-324,
                             2.2250738585072011e-308, 9007199254740993.0, 0.30000000000000004}) {
    circle.set_latitude(value);
    v1::Circle back;
    ASSERT_TRUE(decode_json(encode_json(circle), back).has_value());
    EXPECT_EQ(back.latitude(), value);
  }
}

TEST(JsonDecode, EverythingWrongIsToldAtOnceInItsOrder) {
  v1::MissingChildReport report;
  EXPECT_EQ(wrong(R"({"exercise":"yes","child":{"sex":"BOY","ageYears":-1,"photo":{"data":"?"}},
                      "lastSeen":{"time":"3 a.m.","position":{"crs":0}},"dna":1})",
                  report),
            (Lines{"exercise: must be true or false", "child.sex: must be one of UNKNOWN, MALE, FEMALE",
                   "child.ageYears: the number is out of range", "child.photo.data: must be base64",
                   "lastSeen.time: must be an RFC 3339 time such as 2024-01-31T03:00:00+08:00",
                   "lastSeen.position.crs: must be one of WGS84, CGCS2000, GCJ02, BD09", "dna: unknown field"}));
  EXPECT_EQ(report.ByteSizeLong(), 0U);
}

TEST(JsonDecode, PathsHaveTheIndexInLists) {
  v1::Notice notice;
  EXPECT_EQ(wrong(R"({"texts":[{},{"language":"zh-CN"},{"language":7}],"wanted":[{"seconds":-1}]})", notice),
            (Lines{"texts[2].language: must be a text", "wanted[0].seconds: the number is out of range"}));
}

TEST(JsonDecode, WhatIsNotJsonIsMalformed) {
  for (const std::string text : {
           "",
           " ",
           "{",
           "}",
           "{]",
           "{\"truth\":}",
           "{\"truth\" true}",
           "{\"truth\":true,}",
           "{truth:true}",
           "{'truth':true}",
           "{\"truth\":TRUE}",
           "{\"real\":01}",
           "{\"real\":1.}",
           "{\"real\":.5}",
           "{\"real\":+1}",
           "{\"real\":NaN}",
           "{\"real\":0x1}",
           "{\"text\":\"a\nb\"}",
           "{\"text\":\"\\x\"}",
           "{\"text\":\"\\u12\"}",
           "{\"text\":\"\\ud800\"}",
           "{\"text\":\"\\udc00\"}",
           "{\"text\":\"\\ud800\\ud800\"}",
           "{} {}",
           "{}x",
           "{},",
           "{/**/}",
           "{}//",
           "\xef\xbb\xbf{}",
           "{\"texts\":[1 2]}",
           "{\"texts\":[,]}",
           "{\"a\":1 \"b\":2}",
           "{\"text\":\"",
           // Not UTF-8: alone, cut short, overlong, a surrogate, beyond the last character.
           "{\"text\":\"\x80\"}",
           "{\"text\":\"\xe5\xbc\"}",
           "{\"text\":\"\xc0\xaf\"}",
           "{\"text\":\"\xed\xa0\x80\"}",
           "{\"text\":\"\xf4\x90\x80\x80\"}",
           "{\"text\":\"\xff\"}",
           "{\"\xff\":1}",
       }) {
    EXPECT_EQ(refused_as(text), Errc::malformed) << text;
  }
  EXPECT_EQ(refused_as(std::string("{}\0", 3)), Errc::malformed);
}

TEST(JsonDecode, EscapedCharactersBecomeUtf8) {
  EXPECT_EQ(reread(R"({"text":"\u5f20\ud83d\udc67\u0000"})"), R"(text: "\345\274\240\360\237\221\247\000")");
  EXPECT_EQ(reread(R"({"\u0074ext":"x"})"), R"(text: "x")");
}

TEST(JsonDecode, LongTextsComeInWhole) {
  // Longer than the parser's buffer for texts with escapes, so that it hands them over in parts.
  const auto everything = make_everything();
  std::string value;
  std::string text = "{\"text\":\"";
  for (int index = 0; index < 20'000; ++index) {
    value += index % 7 == 0 ? "\n" : "张";
    text += index % 7 == 0 ? "\\n" : "张";
  }
  text += "\",\"truth\":true}";
  ASSERT_TRUE(decode_json(text, *everything).has_value());
  const auto* field = everything->GetDescriptor()->FindFieldByName("text");
  EXPECT_EQ(everything->GetReflection()->GetString(*everything, field), value);
}

TEST(JsonDecode, LimitsRefuseAndNeverCut) {
  JsonLimits limits;
  limits.text_bytes_max = 14;
  EXPECT_TRUE(decode_json(R"({"truth":true})", *make_everything(), limits).has_value());
  EXPECT_EQ(refused_as(R"({"truth":true} )", limits), Errc::too_large);

  limits = {};
  limits.depth_max = 3;
  EXPECT_TRUE(decode_json(R"({"child":{"child":{}}})", *make_everything(), limits).has_value());
  EXPECT_EQ(refused_as(R"({"child":{"child":{"child":{}}}})", limits), Errc::malformed);
  EXPECT_EQ(refused_as(R"({"unknown":[[[]]]})", limits), Errc::malformed);
  EXPECT_EQ(refused_as(std::string(1'000'000, '[')), Errc::malformed);

  limits = {};
  limits.elements_max = 3;
  EXPECT_TRUE(decode_json(R"({"texts":["",""],"byText":{"a":1}})", *make_everything(), limits).has_value());
  EXPECT_EQ(refused_as(R"({"texts":["",""],"byText":{"a":1,"b":1}})", limits), Errc::too_large);
  EXPECT_EQ(refused_as(R"({"children":[{},{},{},{}]})", limits), Errc::too_large);

  limits = {};
  limits.errors_max = 2;
  EXPECT_EQ(wrong(R"({"a":1,"b":1,"c":1,"d":1})", *make_everything(), limits).size(), 2U);
}

TEST(JsonDecode, NoErrorTextHoldsAValue) {
  const core::Result<void> result = decode_json(
      R"({"name":["SECRET"],"sex":"SECRET","birthDate":{"a":"SECRET"},"ageYears":"SECRET","photo":"SECRET"})",
      *std::make_unique<v1::Child>());
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().fields.size(), 5U);
  for (const core::FieldError& field : result.error().fields) {
    EXPECT_EQ((field.path + field.message.zh + field.message.en).find("SECRET"), std::string::npos);
  }
}

TEST(JsonDecode, ALongUnknownNameIsShownShortAndWholeInItsCharacters) {
  std::string name(62, 'a');
  name += "张张";
  EXPECT_EQ(wrong("{\"" + name + "\":1}"), (Lines{std::string(62, 'a') + ": unknown field"}));
}

TEST(JsonDecode, WhatWasInTheMessageBeforeIsGone) {
  v1::Acknowledgement answer;
  answer.set_note("before");
  ASSERT_TRUE(decode_json(R"({"revision":1})", answer).has_value());
  EXPECT_FALSE(answer.has_note());
}

}  // namespace
}  // namespace tuanyuan::wire
