#include "adapters/ledger/sqlite/claims.hpp"

#include <algorithm>
#include <cstring>

namespace tuanyuan::ledger {
namespace {

constexpr std::size_t run_bytes = 2 * sizeof(std::uint64_t);

}  // namespace

IdRuns runs_of(std::vector<std::uint64_t> ids) {
  std::sort(ids.begin(), ids.end());
  IdRuns runs;
  for (const std::uint64_t id : ids) {
    if (!runs.empty() && id <= runs.back().second + 1) {
      runs.back().second = id;
    } else {
      runs.emplace_back(id, id);
    }
  }
  return runs;
}

std::string to_bytes(const IdRuns& runs) {
  std::string bytes;
  bytes.reserve(runs.size() * run_bytes);
  for (const auto& [first, last] : runs) {
    for (const std::uint64_t id : {first, last}) {
      bytes.append(reinterpret_cast<const char*>(&id), sizeof(id));
    }
  }
  return bytes;
}

IdRuns from_bytes(std::string_view bytes) {
  IdRuns runs(bytes.size() / run_bytes);
  for (std::size_t index = 0; index < runs.size(); ++index) {
    const char* run = bytes.data() + index * run_bytes;
    std::memcpy(&runs[index].first, run, sizeof(std::uint64_t));
    std::memcpy(&runs[index].second, run + sizeof(std::uint64_t), sizeof(std::uint64_t));
  }
  return runs;
}

Claims::Claims(Connection& database) : database_(database) {
  database_.define("leased", [this](std::int64_t id, std::int64_t now_ms) {
    return lease(static_cast<std::uint64_t>(id), core::from_epoch_ms(now_ms)) == Lease::running;
  });
}

Claims::Lease Claims::lease(std::uint64_t id, core::Instant now) const {
  const auto found = held_.find(id);
  if (found == held_.end()) {
    return Lease::none;
  }
  return found->second.until > now ? Lease::running : Lease::ran_out;
}

void Claims::lease_out(const std::vector<std::uint64_t>& ids, core::Instant until) {
  if (ids.empty()) {
    return;
  }
  for (const std::uint64_t id : ids) {
    give_back(id);  // by whom its lease ran out
  }
  const std::string runs = to_bytes(runs_of(ids));
  database_.execute("INSERT INTO claims(runs) VALUES(?)", Blob{runs});
  const std::int64_t claim = database_.last_insert_id();
  for (const std::uint64_t id : ids) {
    undo_.emplace_back(id, std::nullopt);
    set(id, Held{until, claim});
  }
}

void Claims::give_back(std::uint64_t id) {
  const auto found = held_.find(id);
  if (found == held_.end()) {
    return;
  }
  const Held held = found->second;
  undo_.emplace_back(id, held);
  set(id, std::nullopt);
  if (!open_.contains(held.claim)) {
    database_.execute("DELETE FROM claims WHERE id = ?", held.claim);
  }
}

void Claims::set(std::uint64_t id, std::optional<Held> held) {
  if (const auto before = held_.find(id); before != held_.end()) {
    const auto claim = open_.find(before->second.claim);
    claim->second -= 1;
    if (claim->second == 0) {
      open_.erase(claim);
    }
    held_.erase(before);
  }
  if (held) {
    std::size_t& count = open_[held->claim];
    held_.emplace(id, *held);
    ++count;
  }
}

void Claims::roll_back() {
  for (auto change = undo_.rbegin(); change != undo_.rend(); ++change) {
    set(change->first, change->second);
  }
  undo_.clear();
}

IdRuns Claims::void_all() {
  held_.clear();
  open_.clear();
  IdRuns all;
  {
    Rows rows = database_.query("SELECT runs FROM claims");
    while (rows.next()) {
      const IdRuns runs = from_bytes(rows->view(0));
      all.insert(all.end(), runs.begin(), runs.end());
    }
  }
  if (!all.empty()) {
    database_.execute("DELETE FROM claims");
  }
  return all;
}

}  // namespace tuanyuan::ledger
