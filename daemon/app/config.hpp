#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/gateway_config.hpp"
#include "core/chase.hpp"
#include "core/exercise.hpp"
#include "core/recipient.hpp"
#include "core/release_policy.hpp"
#include "core/ring.hpp"
#include "core/widening.hpp"

namespace tuanyuan::app {

/// A port to listen on; port 0 lets the system choose one, which is logged.
struct Listen {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
};

struct ApiConfig {
  Listen listen{"0.0.0.0", 8443};
  std::string certificate;
  std::string key;
  std::string client_ca;
  std::string base_url = "https://localhost:8443/api/v1";
};

struct SigningKeyFiles {
  std::string key;
  std::string certificate;
};

struct BrokerConfig {
  std::string name = "primary";
  std::string uri = "mqtts://localhost:8883";
  std::string ca;
  std::string certificate;
  std::string key;
  std::string client_id = "tuanyuan";
  std::string prefix = "tuanyuan/v1";
  std::chrono::seconds keep_alive{15};
  std::string acl_file;  ///< empty: the broker's access list is kept by somebody else
  std::string pid_file;  ///< whom to tell (SIGHUP) that the access list changed
};

struct ReleaseConfig {
  core::AudienceSet audiences{core::Audience::police, core::Audience::partner, core::Audience::public_};
  bool exercises_reach_public = false;
  core::ReleasePolicy policy;
  bool lookout = true;
};

struct AlertsConfig {
  core::DisplayPolicy display;
  core::ChasePolicy chase;
  std::chrono::seconds chase_grace{60};
  std::chrono::hours recall_retention{720};
  core::RingPolicy rings;
  std::string texts;  ///< a file of notice texts; empty: those compiled in
};

struct PictureConfig {
  std::string font = "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf";
};

struct CanaryConfig {
  std::string recipient = "canary";
  std::chrono::seconds interval{60};
};

/// A planned exercise; its photo, where there is one, is read at the start.
struct ExerciseConfig {
  core::ExercisePlan plan;
  std::string photo;
};

struct LogConfig {
  std::string file;  ///< empty: standard error
  std::string level = "info";
};

/// Everything the daemon is told, with a default for every key. Secrets are only ever named by file.
struct Config {
  ApiConfig api;
  Listen operations{"127.0.0.1", 9464};
  std::string ledger_path = "/var/lib/tuanyuan/ledger.sqlite";
  std::string master_key;
  std::vector<SigningKeyFiles> signing_keys;
  BrokerConfig broker;
  ReleaseConfig release;
  AlertsConfig alerts;
  PictureConfig picture;
  CanaryConfig canary;
  std::vector<ExerciseConfig> exercises;
  GatewaysConfig gateways;
  LogConfig log;
};

/// One thing that is wrong with a configuration: where, and what.
struct ConfigError {
  std::string path;  ///< "broker.prefix", "signing.keys[1].key"
  std::string message;
};

/// The configuration, or everything that is wrong with it: syntax, unknown keys, wrong types, values out of
/// range, missing files.
struct LoadedConfig {
  Config config;
  std::vector<ConfigError> errors;
};
LoadedConfig parse_config(std::string_view toml);
LoadedConfig load_config(const std::string& path);
/// Errors of files that are named but cannot be read.
std::vector<ConfigError> check_files(const Config& config);

}  // namespace tuanyuan::app
