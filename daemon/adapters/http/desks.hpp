#pragma once

#include "ports/answer_desk.hpp"
#include "ports/callback_desk.hpp"
#include "ports/case_desk.hpp"
#include "ports/channel_desk.hpp"
#include "ports/clock.hpp"
#include "ports/exercise_desk.hpp"
#include "ports/health.hpp"
#include "ports/journal_desk.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/notary.hpp"
#include "ports/poster_desk.hpp"
#include "ports/readiness_desk.hpp"
#include "ports/recipient_desk.hpp"

namespace tuanyuan::http {

/// Everything that stands behind the API. All of it outlives the server.
struct Desks {
  ports::CaseDesk& cases;
  ports::AnswerDesk& answers;
  ports::RecipientDesk& recipients;
  ports::ReadinessDesk& readiness;
  ports::ExerciseDesk& exercises;
  ports::JournalDesk& journal;
  ports::Notary& notary;
  ports::Health& health;
  ports::Clock& clock;
  ports::Log& log;
  ports::Metrics& metrics;
  ports::CallbackDesk& callbacks;
  ports::ChannelDesk& channels;
  ports::PosterDesk& posters;
};

}  // namespace tuanyuan::http
