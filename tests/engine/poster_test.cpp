// Paper: whose copy it is made of, and that none is given out of what is not in force.
#include "engine/poster_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <future>
#include <optional>

#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

using ::testing::HasSubstr;

/// Remembers what it was to draw, and says so.
class RecordingPosters final : public ports::Posters {
 public:
  core::Result<std::string> draw(const ports::PosterContent& content, ports::PosterForm form) override {
    drawn.push_back(content);
    forms.push_back(form);
    if (while_drawing) {
      while_drawing();
    }
    return std::string("drawn");
  }
  std::vector<ports::PosterContent> drawn;
  std::vector<ports::PosterForm> forms;
  std::function<void()> while_drawing;
};

class PosterTest : public EngineTest {
 protected:
  explicit PosterTest(bool reaches_public = true) {
    settings.exercises_reach_public = reaches_public;
    restart();
    id = released().id;
    service = std::make_unique<PosterService>(engine->world(), posters, pool);
  }

  core::Result<ports::Poster> ask(core::Caller caller, ports::PosterOptions options = {}) {
    return run(service->poster(std::move(caller), id, std::move(options)));
  }

  void suspend(core::AudienceSet audiences) {
    ports::SuspendOptions options;
    options.audiences = audiences;
    options.reason = core::SuspendReason::child_at_risk;
    ASSERT_TRUE(run(engine->cases().suspend(releaser, id, options, {})));
  }

  static ports::PosterOptions of(core::Audience audience) {
    ports::PosterOptions options;
    options.audience = audience;
    return options;
  }

  core::Errc refusal(core::Caller caller, ports::PosterOptions options = {}) {
    const auto poster = ask(std::move(caller), std::move(options));
    return poster ? core::Errc::invalid : poster.error().code;
  }

  bool says(std::string_view label) const {
    for (const core::PosterFact& fact : posters.drawn.back().text.facts) {
      if (fact.label == label) {
        return true;
      }
    }
    return false;
  }

  core::AlertId id;
  RecordingPosters posters;
  std::unique_ptr<PosterService> service;
};

TEST_F(PosterTest, OfficerSaysNothingThenThePublicsCopyAndNotThePolices) {
  ASSERT_TRUE(ask(releaser));
  EXPECT_FALSE(says("接警单编号") || says("车牌") || says("出生日期"));
  EXPECT_TRUE(says("衣着"));
  EXPECT_TRUE(posters.drawn.back().text.exercise);
  EXPECT_FALSE(posters.drawn.back().photo.empty());
}

TEST_F(PosterTest, OfficerNamesAnAudienceThenItsCopy) {
  ASSERT_TRUE(ask(releaser, of(core::Audience::partner)));
  EXPECT_TRUE(says("车牌"));
  EXPECT_FALSE(says("接警单编号"));
  EXPECT_EQ(posters.drawn.back().text.internal, "");
  ASSERT_TRUE(ask(releaser, of(core::Audience::police)));
  EXPECT_TRUE(says("接警单编号"));
}

TEST_F(PosterTest, RecipientThenItsOwnWhateverItAsksFor) {
  ASSERT_TRUE(ask(test::recipient("near"), of(core::Audience::police)));
  EXPECT_TRUE(says("车牌"));
  EXPECT_FALSE(says("接警单编号"));
}

TEST_F(PosterTest, StrangersThenNotFound) {
  EXPECT_EQ(refusal(stranger), core::Errc::not_found);
  EXPECT_EQ(refusal(test::recipient("nobody")), core::Errc::not_found);
  id = core::AlertId("0192a000-0000-7000-8000-0000000000ff");
  EXPECT_EQ(refusal(releaser), core::Errc::not_found);
}

class PosterOfPartners : public PosterTest {
 protected:
  PosterOfPartners() : PosterTest(false) {}
};

TEST_F(PosterOfPartners, NotReleasedToThePublicThenThePartnersCopy) {
  ASSERT_TRUE(ask(releaser));
  EXPECT_TRUE(says("车牌"));
  EXPECT_FALSE(says("接警单编号"));
  EXPECT_EQ(refusal(releaser, of(core::Audience::public_)), core::Errc::not_found);
}

TEST_F(PosterTest, RecalledThenNotFoundForEverybody) {
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  EXPECT_EQ(refusal(releaser), core::Errc::not_found);
  EXPECT_EQ(refusal(releaser, of(core::Audience::police)), core::Errc::not_found);
  EXPECT_EQ(refusal(test::recipient("near")), core::Errc::not_found);
  EXPECT_TRUE(posters.drawn.empty());
}

TEST_F(PosterTest, SuspendedThenNotFoundForThatAudience) {
  suspend({core::Audience::partner});
  EXPECT_EQ(refusal(test::recipient("near")), core::Errc::not_found);
  EXPECT_EQ(refusal(releaser, of(core::Audience::partner)), core::Errc::not_found);
  EXPECT_TRUE(ask(releaser)) << "the public still has it";
}

TEST_F(PosterTest, TakenFromAllButThePoliceThenTheirsIsGivenByNameAlone) {
  suspend({core::Audience::partner, core::Audience::public_});
  const auto unnamed = ask(releaser);
  ASSERT_FALSE(unnamed) << "whoever prints for the street is not handed the police's copy instead";
  EXPECT_EQ(unnamed.error().code, core::Errc::not_found);
  EXPECT_THAT(unnamed.error().detail.en, HasSubstr("audience=POLICE"));
  ASSERT_TRUE(ask(releaser, of(core::Audience::police)));
  EXPECT_TRUE(says("接警单编号"));
}

TEST_F(PosterTest, NothingOfItInForceThenWhoKnowsOfItIsToldSo) {
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  const core::Text bare = core::problem_title(core::Errc::not_found);
  for (const core::Caller& caller : {releaser, test::recipient("near")}) {
    EXPECT_THAT(ask(caller).error().detail.en, HasSubstr("was taken down"));
  }
  EXPECT_EQ(ask(stranger).error().detail, bare) << "and nobody else that there ever was one";
}

/// Before anything is released the police alone have it.
class PosterOfPolice : public PosterTest {
 protected:
  PosterOfPolice() {
    settings.lookout = true;
    restart();
    service = std::make_unique<PosterService>(engine->world(), posters, pool);
    report = *submit();
    id = report.alert_id;
  }
  ports::ReportView report;
};

TEST_F(PosterOfPolice, OfALookoutThenAnOfficerGetsTheCopyThatThereIs) {
  ASSERT_TRUE(ask(releaser));
  EXPECT_TRUE(says("接警单编号"));
  EXPECT_EQ(posters.drawn.back().text.internal, "公安机关内部使用，请勿外传");
  EXPECT_EQ(refusal(releaser, of(core::Audience::partner)), core::Errc::not_found);
  EXPECT_EQ(refusal(test::recipient("near")), core::Errc::not_found);
  EXPECT_EQ(refusal(stranger), core::Errc::not_found);
}

TEST_F(PosterOfPolice, ToBeShownOrReadOutThenOnlyToWhoAsksForItByName) {
  for (const ports::PosterFormat format :
       {ports::PosterFormat::led, ports::PosterFormat::led_pdf, ports::PosterFormat::script}) {
    ports::PosterOptions options;
    options.format = format;
    const auto unnamed = ask(releaser, options);
    ASSERT_FALSE(unnamed);
    EXPECT_THAT(unnamed.error().detail.en, HasSubstr("audience=POLICE"));
    options.audience = core::Audience::police;
    const auto named = ask(releaser, options);
    ASSERT_TRUE(named);
    const std::string said = posters.drawn.empty() ? named->body : posters.drawn.back().line;
    EXPECT_THAT(said, HasSubstr("公安机关内部使用，请勿外传"));
    posters.drawn.clear();
  }
}

TEST_F(PosterOfPolice, ReleasedToThePoliceAloneThenLikewise) {
  ports::ReleaseOptions options;
  options.audiences = core::AudienceSet{core::Audience::police};
  options.duplicates_reviewed = report.duplicates;
  ASSERT_TRUE(run(engine->cases().release(releaser, report.id, options, {})));
  ASSERT_TRUE(ask(releaser));
  EXPECT_TRUE(says("接警单编号"));
}

TEST_F(PosterTest, RecalledWhileItWasDrawnThenNotGivenOut) {
  std::promise<void> recalled;
  posters.while_drawing = [&recalled] { recalled.get_future().wait(); };
  runtime::BlockingPool thread(1, 1);
  PosterService slow(engine->world(), posters, thread);
  std::optional<core::Result<ports::Poster>> answered;
  boost::asio::co_spawn(
      context, slow.poster(releaser, id, {}),
      [&answered](std::exception_ptr, core::Result<ports::Poster> poster) { answered = poster; });
  EXPECT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  recalled.set_value();
  context.restart();
  while (!answered && context.run_one_for(std::chrono::seconds(20)) > 0) {
  }
  ASSERT_TRUE(answered);
  ASSERT_FALSE(*answered);
  EXPECT_EQ(answered->error().code, core::Errc::not_found);
  EXPECT_EQ(posters.drawn.size(), 1U);
}

TEST_F(PosterTest, TextsThenWrittenWithoutDrawing) {
  ports::PosterOptions options;
  options.format = ports::PosterFormat::script;
  const auto both = ask(releaser, options);
  ASSERT_TRUE(both);
  EXPECT_TRUE(both->body.starts_with("〔15秒播报稿，朗读约")) << both->body;
  EXPECT_NE(both->body.find("\n〔30秒播报稿，朗读约"), std::string::npos) << both->body;
  options.seconds = 30;
  options.language = "en";
  const auto one = ask(releaser, options);
  ASSERT_TRUE(one);
  EXPECT_TRUE(one->body.starts_with("[Script of 30 seconds, read in about ")) << one->body;
  EXPECT_EQ(one->body.find("15 seconds"), std::string::npos);
  EXPECT_EQ(one->language, "en");
  options.format = ports::PosterFormat::led;
  options.language = "ug";
  const auto led = ask(releaser, options);
  ASSERT_TRUE(led);
  EXPECT_TRUE(led->body.starts_with("【演练】失踪儿童")) << led->body;
  EXPECT_EQ(led->language, "zh-CN");
  EXPECT_TRUE(posters.drawn.empty());
}

TEST_F(PosterTest, FormsThenThoseAskedFor) {
  for (const auto& [format, form] : {std::pair{ports::PosterFormat::html, ports::PosterForm::page_html},
                                     std::pair{ports::PosterFormat::pdf, ports::PosterForm::page_pdf},
                                     std::pair{ports::PosterFormat::led_pdf, ports::PosterForm::strip_pdf}}) {
    ports::PosterOptions options;
    options.format = format;
    ASSERT_TRUE(ask(releaser, options));
    EXPECT_EQ(posters.forms.back(), form);
  }
}

TEST_F(PosterTest, TooManyAtOnceThenOverloaded) {
  runtime::BlockingPool full(1, 0);
  PosterService busy(engine->world(), posters, full);
  const auto poster = run(busy.poster(releaser, id, {}));
  ASSERT_FALSE(poster);
  EXPECT_EQ(poster.error().code, core::Errc::overloaded);
}

}  // namespace
}  // namespace tuanyuan::engine
