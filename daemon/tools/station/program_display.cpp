#include "tools/station/program_display.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "adapters/crypto/base64.hpp"
#include "core/backoff.hpp"
#include "tools/station/printing_display.hpp"
#include "tools/station/random.hpp"

extern char** environ;

namespace tuanyuan::station {
namespace {

/// Between asking a program to end and ending it, or as long as it may run, if that is shorter.
constexpr std::chrono::milliseconds stop_grace{5'000};

constexpr int exit_confirmed = 10;
constexpr int exit_acting = 11;
constexpr int exit_unable_first = 20;

/// In the order of their exit codes.
constexpr std::array unable_reasons{core::UnableReason::no_staff, core::UnableReason::equipment,
                                    core::UnableReason::off_air, core::UnableReason::editorial,
                                    core::UnableReason::not_concerned};

/// A child process with both ends of its pipes; empty where it could not be started.
struct Child {
  pid_t pid = -1;
  int input = -1;
  int output = -1;
  int handle = -1;  ///< readable when it has ended (pidfd)
};

Child spawn(const std::string& command) {
  std::array<int, 2> in{-1, -1};
  std::array<int, 2> out{-1, -1};
  Child child;
  if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) {
    for (const int fd : {in[0], in[1], out[0], out[1]}) {
      close(fd);
    }
    return child;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // so that what it starts ends with it
  std::string shell = "/bin/sh";
  std::string option = "-c";
  std::string line = command;
  std::array<char*, 4> arguments{shell.data(), option.data(), line.data(), nullptr};
  if (posix_spawn(&child.pid, shell.c_str(), &actions, &attributes, arguments.data(), environ) != 0) {
    child.pid = -1;
  }
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(in[0]);
  close(out[1]);
  child.input = in[1];
  child.output = out[0];
  if (child.pid > 0) {
    child.handle = static_cast<int>(syscall(SYS_pidfd_open, child.pid, 0));
  }
  return child;
}

}  // namespace

std::optional<Shown> parse_word(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ')) {
    line.remove_suffix(1);
  }
  if (line == "displayed") {
    return Shown{};
  }
  if (line == "confirmed") {
    return Shown{core::AnswerKind::confirmed, {}};
  }
  if (line == "acting") {
    return Shown{core::AnswerKind::acting, {}};
  }
  constexpr std::string_view unable = "unable ";
  if (line.starts_with(unable)) {
    if (const auto reason = core::parse_unable_reason(line.substr(unable.size()))) {
      return Shown{core::AnswerKind::unable, *reason};
    }
  }
  return std::nullopt;
}

Shown meaning_of_exit(int status) {
  if (status == 0) {
    return Shown{};
  }
  if (status == exit_confirmed) {
    return Shown{core::AnswerKind::confirmed, {}};
  }
  if (status == exit_acting) {
    return Shown{core::AnswerKind::acting, {}};
  }
  const int reason = status - exit_unable_first;
  const bool known = reason >= 0 && reason < static_cast<int>(unable_reasons.size());
  return Shown{core::AnswerKind::unable,
               known ? unable_reasons[static_cast<std::size_t>(reason)] : core::UnableReason::equipment};
}

struct ProgramDisplay::Job {
  core::AlertId alert_id;
  std::string input;
  std::function<void(Shown)> told;  ///< of a notice to show
  std::function<void()> gone;       ///< of a take-down
  std::uint64_t order = 0;          ///< of shows and take-downs
  std::uint32_t attempts = 0;
  bool has_said = false;
};

/// One program from its start to its end. Kept alive by the wait for that end.
class ProgramDisplay::Run final : public std::enable_shared_from_this<Run> {
 public:
  Run(std::weak_ptr<ProgramDisplay*> owner, boost::asio::any_io_executor executor, std::unique_ptr<Job> job)
      : owner_(std::move(owner)),
        job_(std::move(job)),
        input_(executor),
        output_(executor),
        handle_(executor),
        deadline_(executor) {}

  ~Run() {
    if (child_.pid > 0) {
      // Only when the whole station ends in the middle of it.
      kill(-child_.pid, SIGKILL);
      waitpid(child_.pid, nullptr, 0);
    }
  }

  /// False: it could not be started.
  bool start(const std::string& command, std::chrono::milliseconds run_ms_max) {
    child_ = spawn(command);
    input_.assign(child_.input);
    output_.assign(child_.output);
    if (child_.pid <= 0 || child_.handle < 0) {
      return false;
    }
    handle_.assign(child_.handle);
    await_end();
    listen();
    grace_ = std::min(stop_grace, run_ms_max);
    deadline_.expires_after(run_ms_max);
    deadline_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
      if (const auto self = weak.lock(); self != nullptr && !error) {
        self->stop();
      }
    });
    // A program that does not read is its own affair; the pipe is closed when it ends.
    boost::asio::async_write(input_, boost::asio::buffer(job_->input),
                             [self = shared_from_this()](boost::system::error_code, std::size_t) {
                               boost::system::error_code ignored;
                               self->input_.close(ignored);
                             });
    return true;
  }

  /// It has a while to end by itself.
  void stop() {
    if (child_.pid <= 0) {
      return;
    }
    kill(-child_.pid, SIGTERM);
    deadline_.expires_after(grace_);
    deadline_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
      if (const auto self = weak.lock(); self != nullptr && !error && self->child_.pid > 0) {
        kill(-self->child_.pid, SIGKILL);
      }
    });
  }

  const core::AlertId& alert_id() const { return job_->alert_id; }
  bool is_showing() const { return job_->told != nullptr; }
  std::unique_ptr<Job> take_job() { return std::move(job_); }

 private:
  void await_end() {
    handle_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](boost::system::error_code error) {
                         if (!error) {
                           self->end();
                         }
                       });
  }

  void listen() {
    boost::asio::async_read_until(output_, boost::asio::dynamic_buffer(said_, output_bytes_max), '\n',
                                  [weak = weak_from_this()](boost::system::error_code error, std::size_t size) {
                                    const auto self = weak.lock();
                                    if (self == nullptr || error || self->job_ == nullptr) {
                                      return;
                                    }
                                    self->hear(self->said_.substr(0, size));
                                    self->said_.erase(0, size);
                                    self->listen();
                                  });
  }

  void hear(const std::string& line) {
    const auto word = parse_word(line);
    if (word && job_->told) {
      job_->has_said = true;
      job_->told(*word);
    }
  }

  /// The news of its end may come before its last words.
  void hear_the_rest() {
    boost::system::error_code error;
    output_.non_blocking(true, error);
    std::array<char, output_bytes_max> rest{};
    const std::size_t size = error ? 0 : output_.read_some(boost::asio::buffer(rest), error);
    said_.append(rest.data(), size);
    for (std::size_t line = said_.find('\n'); line != std::string::npos; line = said_.find('\n')) {
      hear(said_.substr(0, line));
      said_.erase(0, line + 1);
    }
  }

  void end() {
    int status = 0;
    waitpid(std::exchange(child_.pid, -1), &status, 0);
    deadline_.cancel();
    hear_the_rest();
    boost::system::error_code ignored;
    input_.close(ignored);
    output_.close(ignored);
    if (const auto owner = owner_.lock()) {
      (*owner)->ended(std::move(job_), WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt);
    }
  }

  std::weak_ptr<ProgramDisplay*> owner_;
  std::unique_ptr<Job> job_;
  Child child_;
  boost::asio::posix::stream_descriptor input_;
  boost::asio::posix::stream_descriptor output_;
  boost::asio::posix::stream_descriptor handle_;
  boost::asio::steady_timer deadline_;
  std::chrono::milliseconds grace_ = stop_grace;
  std::string said_;
};

ProgramDisplay::ProgramDisplay(boost::asio::any_io_executor executor, JournalLines& lines, std::string command,
                               std::chrono::milliseconds run_ms_max, std::uint64_t seed)
    : executor_(std::move(executor)),
      lines_(lines),
      command_(std::move(command)),
      run_ms_max_(run_ms_max),
      random_(seed),
      self_(std::make_shared<ProgramDisplay*>(this)) {}

ProgramDisplay::~ProgramDisplay() = default;

void ProgramDisplay::show(const core::RecipientId& station, const Show& what, std::function<void(Shown)> told) {
  boost::json::object input{
      {"event", "show"}, {"recipientId", station.value}, {"notice", notice_json(*what.notice)}};
  input["photo"] = nullptr;
  if (what.photo != nullptr && what.notice->photo) {
    input["photo"] = boost::json::object{{"mediaType", what.notice->photo->media_type},
                                         {"data", crypto::to_base64(*what.photo)}};
  }
  auto job = std::make_unique<Job>();
  job->alert_id = what.notice->alert_id;
  job->input = boost::json::serialize(input) + "\n";
  job->told = std::move(told);
  job->order = ++orders_;
  // It is in force again: what was to take it down, and waits, would darken it behind everybody's back.
  shown_[job->alert_id] = job->order;
  std::erase_if(waiting_, [&](const auto& other) { return other->gone && other->alert_id == job->alert_id; });
  queue(std::move(job));
}

void ProgramDisplay::take_down(const core::RecipientId& station, const TakeDown& what,
                               std::function<void()> gone) {
  const boost::json::object input{{"event", "take-down"},           {"recipientId", station.value},
                                  {"alertId", what.alert_id.value}, {"revision", what.version.revision},
                                  {"step", what.version.step},      {"reason", describe(what.reason)}};
  auto job = std::make_unique<Job>();
  job->alert_id = what.alert_id;
  job->input = boost::json::serialize(input) + "\n";
  job->gone = std::move(gone);
  job->order = ++orders_;
  // What waits to be shown of it is not shown any more; what shows it now ends.
  std::erase_if(waiting_, [&](const auto& other) { return other->told && other->alert_id == what.alert_id; });
  if (running_ != nullptr && running_->is_showing() && running_->alert_id() == what.alert_id) {
    running_->stop();
  }
  queue(std::move(job));
}

void ProgramDisplay::sighting(const core::RecipientId& station, const ShowSighting& what) {
  auto job = std::make_unique<Job>();
  job->input =
      boost::json::serialize(boost::json::object{
          {"event", "sighting"}, {"recipientId", station.value}, {"sighting", sighting_json(what.payload)}}) +
      "\n";
  queue(std::move(job));
}

void ProgramDisplay::queue(std::unique_ptr<Job> job) {
  if (waiting_.size() >= waiting_max && !job->gone) {
    lines_.line("program-overloaded", {{"alert_id", job->alert_id.value}});
    return;
  }
  // A recall waits for no notice, only for what runs.
  const auto behind =
      job->gone ? std::find_if(waiting_.begin(), waiting_.end(), [](const auto& other) { return !other->gone; })
                : waiting_.end();
  waiting_.insert(behind, std::move(job));
  start_next();
}

void ProgramDisplay::start_next() {
  while (running_ == nullptr && !waiting_.empty()) {
    std::unique_ptr<Job> job = std::move(waiting_.front());
    waiting_.pop_front();
    job->attempts += 1;
    running_ = std::make_shared<Run>(self_, executor_, std::move(job));
    if (!running_->start(command_, run_ms_max_)) {
      const auto failed = std::exchange(running_, nullptr);
      ended(failed->take_job(), std::nullopt);
      return;
    }
  }
}

void ProgramDisplay::ended(std::unique_ptr<Job> job, std::optional<int> status) {
  running_.reset();
  const bool failed = !status || meaning_of_exit(*status).reason == core::UnableReason::equipment;
  if (failed) {
    lines_.line("program-failed", {{"alert_id", job->alert_id.value}, {"status", status.value_or(-1)}});
  }
  if (job->told && !status && job->has_said) {
    // Ended by us or from outside: what it said stands.
  } else if (job->told) {
    job->told(status ? meaning_of_exit(*status) : Shown{core::AnswerKind::unable, core::UnableReason::equipment});
  } else if (job->gone && status == 0) {
    if (!is_overtaken(*job)) {
      shown_.erase(job->alert_id);
    }
    job->gone();
  } else if (job->gone) {
    try_again(std::move(job));
  }
  start_next();
}

void ProgramDisplay::try_again(std::unique_ptr<Job> job) {
  auto pause = std::make_shared<boost::asio::steady_timer>(executor_);
  pause->expires_after(core::backoff_delay(core::answer_repeat_backoff, job->attempts, split_mix(random_)));
  auto shared = std::make_shared<std::unique_ptr<Job>>(std::move(job));
  pause->async_wait([pause, shared, weak = std::weak_ptr(self_)](boost::system::error_code error) {
    if (const auto self = weak.lock(); self != nullptr && !error && !(*self)->is_overtaken(**shared)) {
      (*self)->queue(std::move(*shared));
    }
  });
}

/// Whether it was shown again since it was to be taken down.
bool ProgramDisplay::is_overtaken(const Job& take_down) const {
  const auto shown = shown_.find(take_down.alert_id);
  return shown != shown_.end() && shown->second > take_down.order;
}

}  // namespace tuanyuan::station
