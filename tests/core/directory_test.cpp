#include "core/directory.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/targeting.hpp"

namespace tuanyuan::core {
namespace {

constexpr Position shenyang{41.8057, 123.4315};

Recipient station(std::string id, Position place, std::uint32_t division, Audience audience = Audience::partner) {
  Recipient recipient;
  recipient.id = RecipientId(std::move(id));
  recipient.category = Category::railway_station;
  recipient.audience = audience;
  recipient.division = Division{division};
  recipient.position = place;
  return recipient;
}

Recipient covering(std::string id, std::vector<DivisionPrefix> coverage) {
  Recipient recipient = station(std::move(id), shenyang, 210100);
  recipient.position.reset();
  recipient.coverage = std::move(coverage);
  recipient.category = Category::broadcaster;
  return recipient;
}

std::vector<std::string> names(const Directory& directory, const RecipientSet& set) {
  std::vector<std::string> ids;
  for (Ordinal ordinal : set) {
    ids.emplace_back(directory.at(ordinal).id);
  }
  return ids;
}

TEST(Directory, FindsLiveRecipientsById) {
  Directory directory;
  directory.put(1, station("a", shenyang, 210102));
  directory.put(2, station("b", shenyang, 210103));
  EXPECT_EQ(directory.find("b"), 2U);
  EXPECT_FALSE(directory.find("c"));
  directory.remove(2);
  EXPECT_FALSE(directory.find("b"));
  EXPECT_EQ(directory.at(2).id, "b") << "boards of earlier alerts still name it";
  EXPECT_TRUE(directory.at(2).deleted);
  directory.put(3, station("b", shenyang, 210103));
  EXPECT_EQ(directory.find("b"), 3U);
}

TEST(Directory, EnteredAgainUnderItsIdThenWithAPredecessorHoweverManyHaveComeSince) {
  Directory directory;
  directory.put(1, station("a", shenyang, 210102));
  directory.put(1, station("a", shenyang, 210103));
  directory.put(2, station("b", shenyang, 210102));
  directory.remove(2);
  for (Ordinal ordinal = 3; ordinal <= 1'000; ++ordinal) {
    directory.put(ordinal, station("station-" + std::to_string(ordinal), shenyang, 210102));
  }
  directory.put(1'001, station("b", shenyang, 210102));
  EXPECT_FALSE(directory.may_have_predecessor(1)) << "only changed";
  EXPECT_FALSE(directory.may_have_predecessor(1'000));
  EXPECT_TRUE(directory.may_have_predecessor(1'001));
}

TEST(Directory, ManyIdsAreAllFoundAgain) {
  Directory directory;
  for (Ordinal ordinal = 1; ordinal <= 5'000; ++ordinal) {
    directory.put(ordinal, station("station-" + std::to_string(ordinal), shenyang, 210102));
  }
  for (Ordinal ordinal = 1; ordinal <= 5'000; ordinal += 2) {
    directory.remove(ordinal);
  }
  for (Ordinal ordinal = 1; ordinal <= 5'000; ++ordinal) {
    const auto found = directory.find("station-" + std::to_string(ordinal));
    EXPECT_EQ(found.has_value(), ordinal % 2 == 0) << ordinal;
  }
  EXPECT_EQ(directory.size(), 2'500U);
}

TEST(Directory, InsideAgreesWithTheDistance) {
  Directory directory;
  std::mt19937 random(7);
  std::uniform_real_distribution<double> latitude(20, 50);
  std::uniform_real_distribution<double> longitude(90, 135);
  for (Ordinal ordinal = 1; ordinal <= 3'000; ++ordinal) {
    directory.put(ordinal, station(std::to_string(ordinal), {latitude(random), longitude(random)}, 210102));
  }
  for (double radius_km : {1.0, 50.0, 100.0, 500.0, 2'000.0}) {
    const Circle circle{shenyang, radius_km, false};
    const RecipientSet inside = directory.inside(circle);
    for (Ordinal ordinal = 1; ordinal <= 3'000; ++ordinal) {
      EXPECT_EQ(inside.contains(ordinal), covers(circle, *directory.at(ordinal).position)) << radius_km;
    }
  }
}

TEST(Directory, ChangedPlaceMovesIt) {
  Directory directory;
  directory.put(1, station("a", shenyang, 210102));
  directory.put(1, station("a", {31.2, 121.4}, 310101));
  EXPECT_TRUE(directory.inside({shenyang, 100, false}).isEmpty());
  EXPECT_EQ(directory.inside({{31.2, 121.4}, 1, false}).cardinality(), 1U);
  EXPECT_TRUE(directory.by_division().at(Division{210102}).isEmpty());
}

TEST(Directory, MemberIsJoinedToAHubThatComesLater) {
  Directory directory;
  Recipient member = station("member", shenyang, 210102);
  member.via = RecipientId("hub");
  directory.put(1, member);
  EXPECT_FALSE(directory.at(1).via);
  directory.put(2, station("hub", shenyang, 210102));
  EXPECT_EQ(directory.at(1).via, 2U);
}

TEST(Directory, MemberNamesNoHubAnyMoreThenAHubThatComesLaterIsNotItsOwn) {
  Directory directory;
  Recipient member = station("member", shenyang, 210102);
  member.via = RecipientId("hub");
  directory.put(1, member);
  member.via = RecipientId();
  directory.put(1, member);
  directory.put(2, station("hub", shenyang, 210102));
  EXPECT_FALSE(directory.at(1).via);
  EXPECT_TRUE(directory.behind(directory.live()).isEmpty());
}

TEST(Directory, DeletedMemberThenItsHubAnswersForItAlsoWhereItIsReadAfterIt) {
  Directory directory;
  Recipient member = station("member", shenyang, 210102);
  member.via = RecipientId("hub");
  directory.put(1, member);
  directory.remove(1);
  directory.put(2, station("hub", shenyang, 210102));
  EXPECT_EQ(directory.at(1).via, 2U);
  EXPECT_TRUE(directory.behind(directory.live()).isEmpty());
  directory.put(2, station("hub", shenyang, 210103));
  EXPECT_EQ(directory.at(1).via, 2U);
}

TEST(Directory, HubLeavesThenItsMembersHearThroughNobodyUntilItIsBack) {
  Directory directory;
  Recipient member = station("member", shenyang, 210102);
  member.via = RecipientId("hub");
  directory.put(1, station("hub", shenyang, 210102));
  directory.put(2, member);
  const RecipientSet hub = RecipientSet::bitmapOf(1, 1U);
  EXPECT_EQ(names(directory, directory.behind(hub)), (std::vector<std::string>{"member"}));
  directory.remove(1);
  EXPECT_FALSE(directory.at(2).via);
  EXPECT_TRUE(directory.behind(hub).isEmpty());
  directory.put(3, station("hub", shenyang, 210102));
  EXPECT_EQ(directory.at(2).via, 3U);
  EXPECT_EQ(names(directory, directory.behind(directory.live())), (std::vector<std::string>{"member"}));
  directory.remove(2);
  EXPECT_TRUE(directory.behind(directory.live()).isEmpty());
}

TEST(Directory, MiddleIsOfTheNarrowestDivisionThatHasAny) {
  Directory directory;
  EXPECT_FALSE(directory.middle_of(Division{210102}));
  directory.put(1, station("far", {40.0, 120.0}, 211402));
  EXPECT_EQ(directory.middle_of(Division{210102}), (Position{40.0, 120.0}));
  directory.put(2, station("a", {41.0, 123.0}, 210102));
  directory.put(3, station("b", {42.0, 124.0}, 210102));
  const auto middle = directory.middle_of(Division{210102});
  ASSERT_TRUE(middle);
  EXPECT_NEAR(middle->latitude, 41.5, 1e-6);
  EXPECT_NEAR(middle->longitude, 123.5, 1e-6);
}

class Targeting : public ::testing::Test {
 protected:
  Targeting() {
    directory.put(1, station("near", shenyang, 210102));
    directory.put(2, station("edge", {42.6, 123.5}, 211202));    // about 88 km north
    directory.put(3, station("beyond", {43.9, 125.3}, 220102));  // about 280 km
    directory.put(4, station("police", shenyang, 210103, Audience::police));
    directory.put(5, station("people", shenyang, 210102, Audience::public_));
    directory.put(6, covering("province", {DivisionPrefix{"21"}}));
    directory.put(7, covering("nation", {DivisionPrefix{""}}));
    directory.put(8, covering("jilin", {DivisionPrefix{"22"}}));
  }
  Targets of(AudienceSet audiences) const { return target(directory, circle, Division{210102}, audiences); }

  Directory directory;
  Circle circle{shenyang, 100, false};
};

TEST_F(Targeting, ExpectsWhoIsInTheCircleOrCoversIt) {
  const Targets targets = of({Audience::police, Audience::partner});
  EXPECT_EQ(names(directory, targets.expected),
            (std::vector<std::string>{"near", "edge", "police", "province", "nation"}));
}

TEST_F(Targeting, TakesOnlyTheReleasedAudiences) {
  EXPECT_EQ(names(directory, of({Audience::police}).expected), (std::vector<std::string>{"police"}));
}

TEST_F(Targeting, DivisionsAreThePlaceOfLossAndThoseInside) {
  EXPECT_EQ(of({Audience::police}).divisions,
            (std::vector<Division>{Division{210102}, Division{210103}, Division{211202}}));
}

TEST_F(Targeting, ACircleConcernsWhoCoversItToo) {
  EXPECT_EQ(names(directory, concerned(directory, circle)),
            (std::vector<std::string>{"near", "edge", "police", "people", "province", "nation"}));
  EXPECT_EQ(names(directory, concerned(directory, Circle{{43.9, 125.3}, 50, false})),
            (std::vector<std::string>{"beyond", "nation", "jilin"}));
  EXPECT_EQ(names(directory, concerned(directory, Circle{{31.2, 121.4}, 10, false})),
            (std::vector<std::string>{"nation"}))
      << "nobody is there, and who covers everything hears of it";
  directory.remove(6);
  EXPECT_FALSE(concerned(directory, circle).contains(6));
}

TEST_F(Targeting, ADivisionConcernsWhoCoversAnyOfIt) {
  struct Row {
    const char* prefix;
    std::vector<std::string> who;
  };
  for (const Row& row :
       {Row{"21", {"near", "edge", "police", "people", "province", "nation"}},
        Row{"2101", {"near", "police", "people", "province", "nation"}},
        Row{"210102", {"near", "people", "province", "nation"}}, Row{"22", {"beyond", "nation", "jilin"}},
        Row{"220999", {"nation", "jilin"}}, Row{"31", {"nation"}}}) {
    EXPECT_EQ(names(directory, concerned(directory, DivisionPrefix{row.prefix})), row.who) << row.prefix;
  }
  directory.put(9, covering("county", {DivisionPrefix{"210199"}}));
  EXPECT_TRUE(concerned(directory, DivisionPrefix{"2101"}).contains(9)) << "part of it is its own";
  EXPECT_FALSE(concerned(directory, DivisionPrefix{"210102"}).contains(9)) << "though it stands in 210100";
}

TEST_F(Targeting, EachPartConcernsWhomItWouldByItself) {
  directory.put(9, station("capital", {39.9, 116.3}, 110108));
  directory.put(10, covering("county", {DivisionPrefix{"210199"}}));
  directory.put(11, station("gone", {38.9, 121.6}, 210202));
  directory.remove(11);
  struct Row {
    const char* whole;
    std::vector<std::string> parts;
  };
  for (const Row& row :
       {Row{"", {"11", "21", "22"}}, Row{"21", {"2101", "2112"}}, Row{"2101", {"210102", "210103", "210199"}},
        Row{"11", {"110108"}}, Row{"210102", {}}, Row{"31", {}}}) {
    std::vector<std::string> parts;
    for (const auto& [part, members] : concerned_by_part(directory, DivisionPrefix{row.whole})) {
      parts.push_back(part.digits);
      EXPECT_EQ(members, concerned(directory, part)) << part.digits;
    }
    EXPECT_EQ(parts, row.parts) << row.whole;
  }
}

TEST_F(Targeting, CoverageIsAddressed) {
  EXPECT_EQ(names(directory, of({Audience::partner}).addressed), (std::vector<std::string>{"province", "nation"}));
}

TEST_F(Targeting, ChoiceAndHubAreAddressed) {
  Recipient chooses = station("near", shenyang, 210102);
  chooses.delivery = DeliveryMode::direct;
  directory.put(1, chooses);
  Recipient member = station("edge", {42.6, 123.5}, 211202);
  member.via = RecipientId("province");
  directory.put(2, member);
  const Targets targets = of({Audience::partner});
  EXPECT_TRUE(targets.expected.contains(2)) << "the member is expected itself";
  EXPECT_EQ(names(directory, targets.addressed), (std::vector<std::string>{"near", "province", "nation"}));
}

TEST(Directory, DeletedKeepsItsHoursAndAnotherEntryHasItsOwn) {
  Directory directory;
  Recipient school = station("school", shenyang, 210102);
  school.hours = "Mo-Fr 08:00-17:30";
  directory.put(0, school);
  directory.remove(0);
  ASSERT_EQ(directory.hours().size(), 1U);
  EXPECT_TRUE(directory.hours().front().members.contains(0));
  school.hours.clear();
  directory.put(0, school);
  EXPECT_FALSE(directory.hours().front().members.contains(0));
}

TEST(Directory, HearsForByItsCoverageAlsoWhenItIsDeleted) {
  Directory directory;
  Recipient province = station("province", shenyang, 210102);
  province.coverage = {DivisionPrefix{"21"}};
  directory.put(0, province);
  directory.put(1, station("near", shenyang, 210102));
  directory.remove(0);
  EXPECT_TRUE(directory.hears_for(0, {Division{220102}, Division{210503}}));
  EXPECT_FALSE(directory.hears_for(0, {Division{220102}}));
  EXPECT_FALSE(directory.hears_for(1, {Division{210102}})) << "it has none";
  EXPECT_TRUE(directory.covering({Division{210102}}).isEmpty());
  province.coverage.clear();
  directory.put(0, province);
  EXPECT_FALSE(directory.hears_for(0, {Division{210102}}));
}

TEST_F(Targeting, DeletedIsNotExpected) {
  directory.remove(1);
  EXPECT_FALSE(of({Audience::partner}).expected.contains(1));
}

}  // namespace
}  // namespace tuanyuan::core
