#include "engine/tallies.hpp"

#include <map>

#include "engine/bytes.hpp"

namespace tuanyuan::engine {

void expect(const World& world, CaseFile& file, std::uint32_t revision, const core::RecipientSet& recipients,
            const std::optional<core::Circle>& circle) {
  file.tally.expect(revision, recipients);
  std::map<std::string, std::vector<core::Ordinal>> rings;
  for (core::Ordinal ordinal : recipients) {
    const core::Directory::Entry recipient = world.directory.at(ordinal);
    std::optional<double> distance;
    if (circle && recipient.position && !recipient.by_coverage) {
      distance = core::distance_km(circle->centre, *recipient.position);
    }
    rings[core::ring_name(world.settings.rings, distance)].push_back(ordinal);
  }
  for (const auto& [ring, members] : rings) {
    file.tally.place_in_ring(ring, core::RecipientSet(members.size(), members.data()));
  }
}

boost::asio::awaitable<core::Result<void>> load_tally(World& world, Documents& documents, CaseFile& file) {
  if (file.tally_loaded || file.state.report_state != core::ReportState::released) {
    co_return core::Result<void>();
  }
  const core::AlertId alert = file.state.alert_id;
  core::Result<std::optional<core::Circle>> circle = co_await documents.circle(file, file.state.content);
  if (!circle && circle.error().code != core::Errc::not_found) {
    co_return circle.error();
  }
  const std::optional<core::Circle> centre = circle ? *circle : std::optional<core::Circle>();

  core::AlertId asked = alert;
  const auto expected = co_await world.tools.ledger.expected(std::move(asked));
  if (!expected) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  // Two readers may be at this at once: the bitmaps take the same rows twice without harm.
  for (const ports::ExpectedRecipients& added : *expected) {
    expect(world, file, added.version.revision, added.added, centre);
  }
  std::string name = Documents::addressed_name(file.state.version);
  core::Result<std::string> addressed = co_await documents.text(file, std::move(name));
  if (addressed) {
    file.addressed |= to_recipient_set(*addressed).value_or(core::RecipientSet());
  } else if (addressed.error().code != core::Errc::not_found) {
    co_return addressed.error();
  }
  ports::Ledger::AnswerVisitor visitor = [&file](const std::vector<ports::AnswerRecord>& answers) {
    for (const ports::AnswerRecord& answer : answers) {
      file.tally.answer(answer.revision, answer.kind, answer.source, answer.ordinal);
    }
  };
  core::AlertId of = alert;
  const bool read = co_await world.tools.ledger.answers(std::move(of), 0, std::move(visitor));
  if (!read) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  file.tally_loaded = true;
  co_return core::Result<void>();
}

}  // namespace tuanyuan::engine
