#include "app/config.hpp"

#include <fstream>
#include <sstream>
#include <utility>

#include "app/exercise_config.hpp"
#include "app/notice_texts.hpp"
#include "app/toml_reader.hpp"
#include "core/limits.hpp"

namespace tuanyuan::app {
namespace {

constexpr std::int64_t hours_max = 24 * 365;

void read_listen(TableReader& table, Listen& listen) {
  table.text("listen", listen.address);
  table.number("port", 0, 65'535, [&](std::int64_t port) { listen.port = static_cast<std::uint16_t>(port); });
}

void read_api(TableReader& table, ApiConfig& api) {
  read_listen(table, api.listen);
  table.text("certificate", api.certificate);
  table.text("key", api.key);
  table.text("client_ca", api.client_ca);
  table.text("base_url", api.base_url);
}

constexpr std::int64_t keep_alive_seconds_max = 300;

void read_broker(TableReader& table, BrokerConfig& broker) {
  table.text("name", broker.name);
  table.text("uri", broker.uri);
  table.text("ca", broker.ca);
  table.text("certificate", broker.certificate);
  table.text("key", broker.key);
  table.text("client_id", broker.client_id);
  table.text("prefix", broker.prefix);
  table.number("keep_alive_seconds", 1, keep_alive_seconds_max,
               [&](std::int64_t seconds) { broker.keep_alive = std::chrono::seconds(seconds); });
  table.text("acl_file", broker.acl_file);
  table.text("pid_file", broker.pid_file);
}

constexpr std::int64_t break_glass_minutes_max = 24 * 60;
constexpr std::int64_t deadline_seconds_max = 86'400;

void read_release(TableReader& table, ReleaseConfig& release) {
  if (table.has("audiences")) {
    release.audiences = {core::Audience::police};
  }
  table.texts("audiences", [&](const std::string& name) {
    const auto audience = core::parse_audience(name);
    if (audience) {
      release.audiences.insert(*audience);
    }
    return audience.has_value();
  });
  table.flag("exercises_reach_public", release.exercises_reach_public);
  std::string mode = "certified";
  table.text("mode", mode);
  if (mode != "certified" && mode != "two_person") {
    table.refuse("mode", "has to be certified or two_person");
  }
  release.policy.mode = mode == "two_person" ? core::ReleaseMode::two_person : core::ReleaseMode::certified;
  table.flag("lookout", release.lookout);
  table.number("break_glass_after_minutes", 0, break_glass_minutes_max,
               [&](std::int64_t minutes) { release.policy.break_glass_after = std::chrono::minutes(minutes); });
}

void read_rings(TableReader& table, AlertsConfig& alerts) {
  core::RingPolicy rings;
  rings.stages.clear();  // those given replace the default ones
  table.tables("rings", [&](TableReader& ring) {
    core::RingStage stage;
    ring.number("until_hours", 1, hours_max, [&](std::int64_t hours) { stage.until = std::chrono::hours(hours); });
    ring.number("until_seconds", 1, hours_max * 3'600,
                [&](std::int64_t seconds) { stage.until = std::chrono::seconds(seconds); });
    ring.real("radius_km", core::radius_km_min, core::radius_km_max, stage.radius_km);
    rings.stages.push_back(stage);
  });
  if (rings.stages.empty()) {
    return;
  }
  if (core::is_valid(rings)) {
    alerts.rings = std::move(rings);
  } else {
    table.refuse("rings", "must grow in hours and radius, and only the last may be without until_hours");
  }
}

/// The names of a list, or all where there is none.
template <class Enum, class Parse>
std::vector<Enum> named(TableReader& table, std::string_view key, std::size_t count, Parse parse) {
  std::vector<Enum> all;
  table.texts(key, [&](const std::string& name) {
    const std::optional<Enum> one = parse(name);
    if (one) {
      all.push_back(*one);
    }
    return one.has_value();
  });
  for (std::size_t index = 0; index < count && !table.has(key); ++index) {
    all.push_back(static_cast<Enum>(index));
  }
  return all;
}

/// Deadlines of some categories in some audiences, of all where none is named; those of the others stay as they
/// are.
void read_deadlines(TableReader& table, core::ChasePolicy& policy) {
  const auto audiences = named<core::Audience>(table, "audiences", core::audience_count, core::parse_audience);
  const auto categories = named<core::Category>(table, "categories", core::category_count, core::parse_category);
  const auto read = [&](std::string_view key, core::Duration core::AnswerTimes::*time) {
    table.number(key, 1, deadline_seconds_max, [&](std::int64_t seconds) {
      for (const core::Audience audience : audiences) {
        for (const core::Category category : categories) {
          policy.of(audience, category).*time = std::chrono::seconds(seconds);
        }
      }
    });
  };
  read("received_seconds", &core::AnswerTimes::received);
  read("confirmed_seconds", &core::AnswerTimes::confirmed);
  read("removed_seconds", &core::AnswerTimes::removed);
}

void read_chase(TableReader& table, AlertsConfig& alerts) {
  table.number("grace_seconds", 0, deadline_seconds_max,
               [&](std::int64_t seconds) { alerts.chase_grace = std::chrono::seconds(seconds); });
  table.number("between_steps_seconds", 1, deadline_seconds_max,
               [&](std::int64_t seconds) { alerts.chase.between_steps = std::chrono::seconds(seconds); });
  table.tables("deadlines", [&](TableReader& deadlines) { read_deadlines(deadlines, alerts.chase); });
}

void read_alerts(TableReader& table, AlertsConfig& alerts) {
  table.number("display_hours", 1, hours_max,
               [&](std::int64_t hours) { alerts.display.shown = std::chrono::hours(hours); });
  table.number("renewed_for_hours", 0, hours_max,
               [&](std::int64_t hours) { alerts.display.renewed_for = std::chrono::hours(hours); });
  table.number("recall_retention_hours", 1, hours_max,
               [&](std::int64_t hours) { alerts.recall_retention = std::chrono::hours(hours); });
  if (alerts.recall_retention < alerts.display.shown) {
    table.refuse("recall_retention_hours", "must not be less than display_hours: who was away would show on");
  }
  table.text("texts", alerts.texts);
  read_rings(table, alerts);
  table.table("chase", [&](TableReader& chase) { read_chase(chase, alerts); });
}

void read_canary(TableReader& table, CanaryConfig& canary) {
  table.text("recipient", canary.recipient);
  table.number("interval_seconds", 1, 3'600,
               [&](std::int64_t seconds) { canary.interval = std::chrono::seconds(seconds); });
}

void read_all(TableReader& root, Config& config) {
  root.table("api", [&](TableReader& table) { read_api(table, config.api); });
  root.table("operations", [&](TableReader& table) { read_listen(table, config.operations); });
  root.table("ledger", [&](TableReader& table) { table.text("path", config.ledger_path); });
  root.table("vault", [&](TableReader& table) { table.text("master_key", config.master_key); });
  root.table("signing", [&](TableReader& table) {
    table.tables("keys", [&](TableReader& key) {
      SigningKeyFiles files;
      key.text("key", files.key);
      key.text("certificate", files.certificate);
      config.signing_keys.push_back(std::move(files));
    });
  });
  root.table("broker", [&](TableReader& table) { read_broker(table, config.broker); });
  root.table("release", [&](TableReader& table) { read_release(table, config.release); });
  root.table("alerts", [&](TableReader& table) { read_alerts(table, config.alerts); });
  root.table("picture", [&](TableReader& table) { table.text("font", config.picture.font); });
  root.table("canary", [&](TableReader& table) { read_canary(table, config.canary); });
  read_exercises(root, config);
  root.table("gateways", [&](TableReader& table) { read_gateways(table, config.gateways); });
  root.table("log", [&](TableReader& table) {
    table.text("file", config.log.file);
    table.text("level", config.log.level);
    if (config.log.level != "info" && config.log.level != "warning" && config.log.level != "error") {
      table.refuse("level", "must be info, warning or error");
    }
  });
}

}  // namespace

LoadedConfig parse_config(std::string_view text) {
  LoadedConfig loaded;
  try {
    const toml::table document = toml::parse(text);
    TableReader root(&document, {}, loaded.errors);
    read_all(root, loaded.config);
    root.finish();
  } catch (const toml::parse_error& error) {
    std::ostringstream where;
    where << "line " << error.source().begin.line;
    loaded.errors.push_back({where.str(), std::string(error.description())});
  }
  return loaded;
}

LoadedConfig load_config(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    LoadedConfig loaded;
    loaded.errors.push_back({path, "cannot be read"});
    return loaded;
  }
  std::ostringstream text;
  text << file.rdbuf();
  return parse_config(text.str());
}

std::vector<ConfigError> check_files(const Config& config) {
  std::vector<ConfigError> errors;
  const auto readable = [&errors](const std::string& path, const std::string& file) {
    if (file.empty()) {
      errors.push_back({path, "must name a file"});
    } else if (!std::ifstream(file)) {
      errors.push_back({path, "names a file that cannot be read: " + file});
    }
  };
  readable("api.certificate", config.api.certificate);
  readable("api.key", config.api.key);
  readable("api.client_ca", config.api.client_ca);
  readable("vault.master_key", config.master_key);
  readable("broker.ca", config.broker.ca);
  readable("broker.certificate", config.broker.certificate);
  readable("broker.key", config.broker.key);
  readable("picture.font", config.picture.font);
  for (ConfigError& wrong : check_gateways(config.gateways)) {
    errors.push_back(std::move(wrong));
  }
  for (std::size_t index = 0; index < config.exercises.size(); ++index) {
    if (!config.exercises[index].photo.empty()) {
      readable("exercises[" + std::to_string(index) + "].photo", config.exercises[index].photo);
    }
  }
  if (config.signing_keys.empty()) {
    errors.push_back({"signing.keys", "must name at least one key with its certificate"});
  }
  for (std::size_t index = 0; index < config.signing_keys.size(); ++index) {
    const std::string at = "signing.keys[" + std::to_string(index) + "].";
    readable(at + "key", config.signing_keys[index].key);
    readable(at + "certificate", config.signing_keys[index].certificate);
  }
  for (ConfigError& wrong : load_notice_texts(config.alerts.texts).errors) {
    errors.push_back({"alerts.texts: " + wrong.path, std::move(wrong.message)});
  }
  return errors;
}

}  // namespace tuanyuan::app
