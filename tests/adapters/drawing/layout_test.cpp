// Every text stands whole: within its room, within the sheet, and on no other.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "adapters/drawing/code.hpp"
#include "adapters/drawing/documents.hpp"
#include "adapters/drawing/face.hpp"
#include "adapters/drawing/photo.hpp"
#include "adapters/drawing/plain_text.hpp"
#include "sample_poster.hpp"

namespace tuanyuan::drawing {
namespace {

constexpr double tolerance = 0.05;

std::string repeated(std::string_view text, std::size_t times) {
  std::string made;
  for (std::size_t i = 0; i < times; ++i) {
    made += text;
  }
  return made;
}

bool within(const Box& inner, const Box& outer) {
  return inner.x >= outer.x - tolerance && inner.y >= outer.y - tolerance &&
         inner.right() <= outer.right() + tolerance && inner.bottom() <= outer.bottom() + tolerance;
}

bool meet(const Box& one, const Box& other) {
  return one.x < other.right() - tolerance && other.x < one.right() - tolerance &&
         one.y < other.bottom() - tolerance && other.y < one.bottom() - tolerance;
}

struct Shape {
  const char* name;
  Extent whole;
  Medium medium;
};
const Shape shapes[] = {
    {"A4", a4, Medium::paper},
    {"full HD", {1920, 1080}, Medium::display},
    {"upright", {1080, 1920}, Medium::display},
    {"square", {800, 800}, Medium::display},
    {"low", {1920, 360}, Medium::display},
    {"narrow", {384, 1536}, Medium::display},
    {"smallest", {160, 160}, Medium::display},
};

std::vector<std::pair<std::string, ports::PosterContent>> contents() {
  const ports::PosterContent usual = test::sample();
  ports::PosterContent without_photo = usual;
  without_photo.photo = {};
  ports::PosterContent bare = without_photo;
  bare.text.facts.clear();
  bare.text.traits.clear();
  bare.text.contact_unit.clear();
  ports::PosterContent wide_photo = usual;
  wide_photo.photo.data = test::jpeg(900, 200);
  ports::PosterContent with_code = usual;
  with_code.code = "https://example.org/alerts/0198c0de";
  ports::PosterContent exercise_with_code = test::sample(core::Status::exercise);
  exercise_with_code.code = "https://example.org/alerts/0198c0de-0000-7000-8000-00000000000a";
  ports::PosterContent code_without_photo = exercise_with_code;
  code_without_photo.photo = {};
  ports::PosterContent wide_photo_with_code = wide_photo;
  wide_photo_with_code.code = std::string(300, 'x');
  ports::PosterContent wordy = usual;
  wordy.text.facts.back().value = repeated("放学后独自离开，未按时到家。", 280);
  std::vector<std::pair<std::string, ports::PosterContent>> rows = {
      {"usual", usual},
      {"exercise", test::sample(core::Status::exercise)},
      {"English", test::sample(core::Status::exercise, "en")},
      {"the police's", test::of_police(usual)},
      {"exercise of the police", test::of_police(test::sample(core::Status::exercise, "en"))},
      {"without photo", without_photo},
      {"bare", bare},
      {"wide photo", wide_photo},
      {"with code", with_code},
      {"exercise with code", exercise_with_code},
      {"code without photo", code_without_photo},
      {"wide photo, long code", wide_photo_with_code},
      {"code and 200 everywhere", test::with_texts(with_code, repeated("很长的说明", 40))},
      {"4,000 characters of circumstances", wordy},
      {"name of 64", test::with_texts(usual, repeated("名", 64))},
      {"200 everywhere", test::with_texts(usual, repeated("很长的说明", 40))},
      {"5,000 everywhere", test::with_texts(usual, repeated("長", 5'000))},
      {"1,000 without a break", test::with_texts(usual, repeated("W", 1'000))},
      {"emoji", test::with_texts(usual, repeated("👧🏽🎒", 50))},
      {"right to left", test::with_texts(usual, repeated("بالا يوقاپ كەتتى ", 12))},
  };
  return rows;
}

struct Drawn {
  std::vector<Written> written;
  std::vector<Box> placed;
  bool has_essentials = false;
};
Drawn all_drawn(const Shape& shape, const ports::PosterContent& content) {
  const Surface surface(cairo_recording_surface_create(CAIRO_CONTENT_COLOR, nullptr));
  const Surface photo = load_photo(content.photo.data);
  const Surface code = qr_code(content.code);
  Sheet sheet(surface.get(), content.text.language);
  const bool has_essentials = draw_face(sheet, shape.whole, shape.medium, {content.text, photo.get(), code.get()});
  return {sheet.written(), sheet.placed(), has_essentials};
}

std::vector<Written> drawn(const Shape& shape, const ports::PosterContent& content) {
  return all_drawn(shape, content).written;
}

double size_of(const std::vector<Written>& written, std::string_view text) {
  const auto found =
      std::find_if(written.begin(), written.end(), [&](const Written& each) { return each.text == text; });
  return found == written.end() ? 0 : found->size;
}

/// A picture on the sheet, under no text and on no other picture.
void expect_clear(const std::vector<Box>& placed, const std::vector<Written>& written, const Box& whole) {
  for (std::size_t i = 0; i < placed.size(); ++i) {
    EXPECT_TRUE(within(placed[i], whole));
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(meet(placed[i], placed[j]));
    }
    for (const Written& each : written) {
      EXPECT_FALSE(meet(placed[i], each.taken)) << each.text.substr(0, 60);
    }
  }
}

TEST(Layout, WhateverTheTextsAndTheShapeThenEachWholeInItsRoomAndOnNoOther) {
  for (const auto& [name, content] : contents()) {
    for (const Shape& shape : shapes) {
      SCOPED_TRACE(name + " on " + shape.name);
      if (content.text.name.size() > 10'000 && shape.whole.width != a4.width) {
        continue;  // seconds each, and the narrowest of them is enough
      }
      const auto [written, placed, has_essentials] = all_drawn(shape, content);
      const Box whole{0, 0, shape.whole.width, shape.whole.height};
      expect_clear(placed, written, whole);
      for (std::size_t i = 0; i < written.size(); ++i) {
        EXPECT_TRUE(within(written[i].taken, written[i].room)) << written[i].text.substr(0, 60);
        EXPECT_TRUE(within(written[i].taken, whole)) << written[i].text.substr(0, 60);
        for (std::size_t j = 0; j < i; ++j) {
          EXPECT_FALSE(meet(written[i].taken, written[j].taken))
              << written[i].text.substr(0, 60) << " / " << written[j].text.substr(0, 60);
        }
      }
      EXPECT_GT(size_of(written, content.text.phone), 0);
      EXPECT_GT(size_of(written, content.text.title), 0);
    }
  }
}

std::size_t shown_facts(const std::vector<Written>& written, const core::PosterText& text) {
  return static_cast<std::size_t>(std::count_if(text.facts.begin(), text.facts.end(), [&](const auto& fact) {
    return size_of(written, plain(fact.value)) > 0;
  }));
}

TEST(Layout, UsualNoticeOnPaperThenNothingOfItIsLeftOut) {
  for (const char* language : {"zh-CN", "en"}) {
    const ports::PosterContent content = test::sample(core::Status::exercise, language);
    const std::vector<Written> written = drawn(shapes[0], content);
    EXPECT_EQ(shown_facts(written, content.text), content.text.facts.size());
    EXPECT_GT(size_of(written, content.text.mark_line), 0);
  }
}

/// The page for browsers sets nothing smaller than 4.7 hundredths of the shorter edge. Of the ten facts three are
/// essential: where only those are shown, letters may be smaller.
TEST(Layout, UsualNoticeOnADisplayThenInLettersAsOnThePageForBrowsersWhatFitsInThem) {
  constexpr core::Status meant = core::Status::actual;
  constexpr core::Status exercise = core::Status::exercise;
  const struct {
    Shape shape;
    core::Status status;
    const char* language;
    std::size_t facts;
    double letters;  ///< in hundredths of the shorter edge
  } rows[] = {
      {shapes[1], meant, "zh-CN", 6, 4.6},    {shapes[1], meant, "en", 4, 4.6},
      {shapes[1], exercise, "zh-CN", 3, 4.6}, {shapes[1], exercise, "en", 3, 4},
      {shapes[2], meant, "zh-CN", 9, 4.6},    {shapes[2], meant, "en", 6, 4.6},
      {shapes[2], exercise, "zh-CN", 6, 4.6}, {shapes[2], exercise, "en", 5, 4.6},
      {shapes[4], meant, "zh-CN", 4, 7},      {shapes[4], meant, "en", 3, 7},
      {shapes[4], exercise, "zh-CN", 3, 5.5}, {shapes[4], exercise, "en", 3, 5.5},
      {shapes[5], exercise, "zh-CN", 9, 4.6}, {shapes[5], exercise, "en", 6, 4.6},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.shape.name) + " " + row.language + (row.status == exercise ? " exercise" : ""));
    const core::PosterText text = test::sample(row.status, row.language).text;
    const std::vector<Written> written = drawn(row.shape, test::sample(row.status, row.language));
    const double edge = std::min(row.shape.whole.width, row.shape.whole.height);
    EXPECT_GE(shown_facts(written, text), row.facts);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_GE(size_of(written, plain(text.facts[i].value)), row.letters * edge / 100) << text.facts[i].label;
    }
    EXPECT_EQ(size_of(written, text.mark_line) > 0, row.status == exercise);
  }
}

TEST(Layout, DisplayThenFactsAreLeftOutBeforeTheirLettersCannotBeReadFromTenMetres) {
  ports::PosterContent content = test::sample();
  content.text.facts.back().value = repeated("放学后独自离开，未按时到家。", 280);
  const std::vector<Written> written = drawn(shapes[1], content);
  EXPECT_EQ(size_of(written, content.text.facts.back().value), 0);
  EXPECT_GE(size_of(written, content.text.facts.front().value), 50);
  EXPECT_GE(size_of(written, content.text.phone), 80);
  EXPECT_GE(size_of(written, content.text.name), 100);
}

TEST(Layout, EssentialFactsThenThereWhateverTheShapeAndHoweverLongTheyAre) {
  for (const core::Status status : {core::Status::actual, core::Status::exercise}) {
    for (const char* code : {"", "https://example.org/alerts/0198c0de-0000-7000-8000-00000000000a"}) {
      ports::PosterContent content = test::sample(status);
      content.code = code;
      content.text.facts.back().value = repeated("放学后独自离开，未按时到家。", 280);
      for (const Shape& shape : shapes) {
        SCOPED_TRACE(std::string(shape.name) + " " + content.text.title + " " + code);
        const bool is_large = shape.whole.width * shape.whole.height > 1'000'000;
        content.text.facts[2].value = repeated("黄色雨衣，蓝色书包，", is_large ? 200 : 30);
        const std::vector<Written> written = drawn(shape, content);
        for (std::size_t i = 0; i < 3; ++i) {
          EXPECT_TRUE(content.text.facts[i].essential);
          EXPECT_GT(size_of(written, plain(content.text.facts[i].value)), 0) << content.text.facts[i].label;
        }
        EXPECT_GT(size_of(written, content.text.name), 0);
        EXPECT_GT(size_of(written, content.text.phone), 0);
      }
    }
  }
}

TEST(Layout, EssentialsThenItIsSaidWhetherAllOfThemCanBeReadThere) {
  const auto with = [](const auto& change) {
    ports::PosterContent content = test::sample();
    change(content.text);
    return content;
  };
  const std::string long_text = repeated("長", 5'000);
  const struct {
    const char* name;
    ports::PosterContent content;
    bool on_full_hd;
    bool on_the_smallest;
  } rows[] = {
      {"usual", test::sample(), true, true},
      {"exercise", test::sample(core::Status::exercise), true, true},
      {"English exercise", test::sample(core::Status::exercise, "en"), true, true},
      {"nothing known", with([](auto& text) { text.traits.clear(), text.facts.clear(); }), true, true},
      {"no telephone", with([](auto& text) { text.phone.clear(); }), true, true},
      {"name of 64", with([](auto& text) { text.name = repeated("名", 64); }), true, false},
      {"endless name", with([&](auto& text) { text.name = long_text; }), false, false},
      {"endless traits", with([&](auto& text) {
         text.traits = {long_text, long_text};
       }),
       false, false},
      {"endless telephone", with([&](auto& text) { text.phone = repeated("1", 5'000); }), false, false},
      {"clothes of 200", with([](auto& text) { text.facts[2].value = repeated("黄", 200); }), true, false},
      {"clothes of 5,000", with([&](auto& text) { text.facts[2].value = long_text; }), true, false},
      {"endless clothes", with([](auto& text) { text.facts[2].value = repeated("長", 12'000); }), false, false},
      {"endless circumstances", with([&](auto& text) { text.facts.back().value = long_text; }), true, true},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(all_drawn(shapes[1], row.content).has_essentials, row.on_full_hd) << row.name;
    EXPECT_EQ(all_drawn(shapes[6], row.content).has_essentials, row.on_the_smallest) << row.name;
  }
}

TEST(Layout, EssentialsFindNoRoomBesideTheCodeThenThePictureIsDrawnWithoutIt) {
  constexpr Pixels size{640, 360};
  const Shape shape{"small", {size.width, size.height}, Medium::display};
  ports::PosterContent with_code = test::sample();
  with_code.code = "https://example.org/alerts/0198c0de-0000-7000-8000-00000000000a";
  ports::PosterContent without_code = test::sample();
  for (int i = 0; i < 50 && all_drawn(shape, with_code).has_essentials; ++i) {
    without_code.text.facts[2].value += repeated("黄色雨衣，", 8);
    with_code.text.facts[2].value = without_code.text.facts[2].value;
  }
  ASSERT_FALSE(all_drawn(shape, with_code).has_essentials);
  ASSERT_TRUE(all_drawn(shape, without_code).has_essentials);
  const DisplayPicture picture = display_png(with_code, size);
  EXPECT_TRUE(picture.has_essentials);
  EXPECT_EQ(picture.png, display_png(without_code, size).png);
  with_code.text.facts[2].value = repeated("長", 5'000);
  EXPECT_FALSE(display_png(with_code, size).has_essentials);
}

TEST(Layout, FactsLeftOutThenALineSaysThatThereAreMoreAndWhere) {
  ports::PosterContent wordy = test::sample();
  wordy.text.facts.back().value = repeated("放学后独自离开，未按时到家。", 280);
  const std::vector<Written> without_code = drawn(shapes[1], wordy);
  EXPECT_GE(size_of(without_code, wordy.text.more_by_phone), 50);
  EXPECT_EQ(size_of(without_code, wordy.text.more_by_code), 0);
  wordy.code = "https://example.org/alerts/0198c0de-0000-7000-8000-00000000000a";
  const std::vector<Written> with_code = drawn(shapes[1], wordy);
  EXPECT_EQ(size_of(with_code, wordy.text.more_by_phone), 0);
  EXPECT_GE(size_of(with_code, wordy.text.more_by_code), 50);
  const ports::PosterContent usual = test::sample();
  for (const Shape& shape : shapes) {
    const std::vector<Written> written = drawn(shape, usual);
    EXPECT_EQ(size_of(written, usual.text.more_by_phone) > 0,
              shown_facts(written, usual.text) < usual.text.facts.size())
        << shape.name;
  }
}

TEST(Layout, FactLeftOutThenItsLabelTakesNoRoomFromTheOthers) {
  ports::PosterContent content = test::sample();
  content.text.facts.back().value = repeated("放学后独自离开，未按时到家。", 280);
  const std::vector<Written> usual = drawn(shapes[1], content);
  content.text.facts.back().label = repeated("长", 12);
  const std::vector<Written> with_long_label = drawn(shapes[1], content);
  EXPECT_EQ(shown_facts(with_long_label, content.text), shown_facts(usual, content.text));
  EXPECT_EQ(size_of(with_long_label, content.text.facts[2].value), size_of(usual, content.text.facts[2].value));
}

TEST(Layout, CodeThenItTakesNothingFromThePhotoAndSaysWhatItIsFor) {
  ports::PosterContent content = test::sample();
  for (const Shape& shape : {shapes[1], shapes[2]}) {
    content.code.clear();
    const Drawn without = all_drawn(shape, content);
    content.code = "https://example.org/alerts/0198c0de-0000-7000-8000-00000000000a";
    const Drawn with = all_drawn(shape, content);
    ASSERT_EQ(without.placed.size(), 1U);
    ASSERT_EQ(with.placed.size(), 2U) << shape.name;
    EXPECT_NEAR(with.placed[0].height, without.placed[0].height, tolerance) << shape.name;
    EXPECT_EQ(size_of(without.written, content.text.scan), 0);
    EXPECT_GE(size_of(with.written, content.text.scan), 20) << shape.name;
    EXPECT_GE(size_of(with.written, content.text.name), 80) << shape.name;
    EXPECT_EQ(size_of(with.written, content.text.phone), size_of(without.written, content.text.phone));
  }
}

TEST(Layout, PaperThenTheSameLongTextIsPrintedSmall) {
  ports::PosterContent content = test::sample();
  content.text.facts.back().value = repeated("放学后独自离开，未按时到家。", 40);
  const double size = size_of(drawn(shapes[0], content), plain(content.text.facts.back().value));
  EXPECT_GE(size, 8);
}

TEST(Layout, ExerciseThenMarkedOnEverySideAndInEveryLanguage) {
  for (const char* language : {"zh-CN", "en"}) {
    const std::vector<Written> written = drawn(shapes[0], test::sample(core::Status::exercise, language));
    int sides = 0;
    for (const Written& each : written) {
      sides += each.text.starts_with("演练 EXERCISE") ? 1 : 0;
    }
    EXPECT_EQ(sides, 4);
  }
  for (const Written& each : drawn(shapes[0], test::sample())) {
    EXPECT_EQ(each.text.find("演练"), std::string::npos) << each.text;
  }
}

TEST(Layout, PoliceCopyThenMarkedAboveAllThatIsKnownWhateverTheShape) {
  for (const core::Status status : {core::Status::actual, core::Status::exercise}) {
    const ports::PosterContent content = test::of_police(test::sample(status));
    for (const Shape& shape : shapes) {
      const std::vector<Written> written = drawn(shape, content);
      EXPECT_GT(size_of(written, content.text.internal), 0) << shape.name;
      EXPECT_GT(size_of(written, content.text.name), 0) << shape.name;
    }
  }
  for (const Written& each : drawn(shapes[0], test::sample())) {
    EXPECT_EQ(each.text.find("内部"), std::string::npos) << each.text;
  }
}

TEST(Steps, LargestThatFitsThenThatOneOfTheSteps) {
  EXPECT_EQ(largest_step(100, 10, [](double) { return true; }), 100);
  EXPECT_EQ(largest_step(100, 10, [](double) { return false; }), 0);
  EXPECT_EQ(largest_step(100, 10, [](double size) { return size <= 10; }), 10);
  EXPECT_EQ(largest_step(5, 10, [](double) { return true; }), 0);
  const double fitting = largest_step(100, 10, [](double size) { return size <= 50; });
  EXPECT_LE(fitting, 50);
  EXPECT_GT(fitting, 45);
}

}  // namespace
}  // namespace tuanyuan::drawing
