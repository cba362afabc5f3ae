#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/pki.hpp"
#include "fuzz/property.hpp"
#include "tools/station/answers.hpp"
#include "tools/station/http_answer.hpp"
#include "tools/station/photo_fetcher.hpp"
#include "tools/station/program_display.hpp"
#include "tools/station/recipients_file.hpp"
#include "tools/station/station_mind.hpp"

using tuanyuan::fuzz::require;

namespace {

using namespace tuanyuan;
using namespace tuanyuan::station;

const std::string& authority() {
  static const std::string ca =
      crypto::CertificateAuthority::make(
          "ca", crypto::Validity{core::Instant(core::Duration(0)), core::Instant(std::chrono::years(100))})
          .certificate();
  return ca;
}

/// Whatever a broker says on whatever topic, without a key that the CA vouches for nothing is shown or answered.
void hostile_broker(std::string_view payload) {
  Commons commons(MindSettings{}, authority());
  Member self;
  self.id = core::RecipientId("s");
  self.division = core::Division{210102};
  self.place = core::Position{41.8, 123.4};
  StationMind mind(commons, self, {}, Temper{}, 1);
  const Moment now{core::Instant(std::chrono::years(56)), Steady{0}};
  for (const char* topic : {"keys", "receipts/s", "notices/partner/210102/a", "direct/s/a", "direct/s/sightings/a",
                            "photos/partner/210102/a"}) {
    mind.message("tuanyuan/v1/" + std::string(topic), payload, now);
  }
  mind.message(payload, payload, now);
  mind.tick(now);
  for (const Wish& wish : mind.take_wishes()) {
    require(!std::holds_alternative<Show>(wish) && !std::holds_alternative<TakeDown>(wish));
  }
  require(mind.take_answers(now, 10).empty());
}

/// What was read of a file has what a station cannot do without.
void recipients_file(std::string_view text) {
  const auto rows = read_recipients(text);
  if (!rows) {
    require(!rows.error().fields.empty());
    return;
  }
  for (const RecipientRow& row : *rows) {
    require(!row.member.id.empty() && row.member.division);
  }
  require(plan_stations(*rows).size() <= rows->size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tuanyuan::fuzz::text_of(data, size);
  hostile_broker(text);
  recipients_file(text);
  HttpAnswer answer(100);
  if (answer.feed(std::span(data, size)) == HttpAnswer::State::done) {
    require(answer.take_body().size() <= 100);
  }
  parse_word(text);
  if (const auto url = parse_https_url(text)) {
    require(!url->host.empty() && url->target.starts_with('/'));
  }
  return 0;
}
