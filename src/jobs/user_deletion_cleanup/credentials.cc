#include "jobs/user_deletion_cleanup/credentials.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "core/json.h"
#include "jobs/service_call.h"

namespace lernd::user_deletion_cleanup {
namespace {

using namespace std::chrono_literals;

constexpr int kNoContent = 204;
constexpr int kUnauthorized = 401;
constexpr auto kTokenKept = 45s;
/// A token that is kept must still be good at the end of that time.
constexpr double kTokenLifeMin = 60;
constexpr auto kSuccessKept = 10min;
constexpr std::string_view kEmptied = R"({"email":"","firstName":"","lastName":"","emailVerified":false,"enabled":false})";

bool succeeded(const HttpAnswer& answer) { return answer.status >= 200 && answer.status < 300; }

std::optional<std::string> token_in(const HttpAnswer& answer, double life_min) {
  const auto document = succeeded(answer) ? JsonDocument::parse(answer.body) : fail(Treatment::skip, ErrorCode::bad_answer, "");
  if (!document) return std::nullopt;
  const auto token = document->root().find("access_token").value_or(JsonView()).text();
  const double life = document->root().find("expires_in").value_or(JsonView()).number().value_or(0);
  // What is put into a header must not end it.
  if (!token || token->empty() || life < life_min || token->find_first_of(" \r\n") != std::string_view::npos) return std::nullopt;
  return std::string(*token);
}

bool outlives_its_keeping(const HttpAnswer& answer) { return token_in(answer, kTokenLifeMin).has_value(); }

class Removal {
 public:
  Removal(const IdentityProvider& provider, const std::string& user_id, const Facts& facts, Ask& ask)
      : provider_(provider), user_id_(user_id), facts_(facts), ask_(ask) {}

  CredentialRemoval run() {
    CredentialRemoval result = with_token(false);
    return result.step != "token" && result.status == kUnauthorized ? with_token(true) : result;
  }

 private:
  CredentialRemoval with_token(bool fresh) {
    const HttpAnswer* answer = facts_.http(token_query(fresh), ask_);
    if (answer == nullptr) return {};
    // Keycloak answers with a token, a dry run without one: it takes the calls as made.
    if (answer->status == kNoContent) return {.removed = true, .step = {}};
    const auto token = token_in(*answer, 0);
    if (!token) return {.removed = false, .step = "token", .status = answer->status};
    CredentialRemoval result = call("delete", "DELETE", *token, "");
    if (result.removed || ask_.pending() || result.status == kUnauthorized) return result;
    return call("update", "PUT", *token, kEmptied);
  }

  CredentialRemoval call(std::string_view step, std::string_view method, const std::string& token, std::string_view body) {
    const HttpAnswer* answer = facts_.http(user_query(method, token, body), ask_);
    if (answer == nullptr) return {};
    return {.removed = succeeded(*answer), .step = step, .status = answer->status};
  }

  HttpQuery token_query(bool fresh) const {
    HttpQuery query{.service = std::string(kIdentityProvider),
                    .method = "POST",
                    .url = fmt::format("{}/realms/{}/protocol/openid-connect/token", provider_.base, url_encoded(provider_.realm)),
                    .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                    .body = fmt::format("grant_type=client_credentials&client_id={}&client_secret={}", url_encoded(provider_.client_id),
                                        url_encoded(provider_.client_secret)),
                    .remember = kTokenKept,
                    .worth_keeping = outlives_its_keeping,
                    .changes = true};
    // Another call than the one whose answer is kept.
    if (fresh) query.headers.push_back({"Cache-Control", "no-cache"});
    return query;
  }

  HttpQuery user_query(std::string_view method, const std::string& token, std::string_view body) const {
    HttpQuery query{.service = std::string(kIdentityProvider),
                    .method = std::string(method),
                    .url = fmt::format("{}/admin/realms/{}/users/f:{}:{}", provider_.base, url_encoded(provider_.realm), url_encoded(provider_.provider_id),
                                       url_encoded(user_id_)),
                    .headers = {{"Authorization", "Bearer " + token}},
                    .body = std::string(body),
                    .remember = kSuccessKept,
                    .worth_keeping = succeeded,
                    .changes = true};
    if (!body.empty()) query.headers.push_back({"Content-Type", "application/json"});
    return query;
  }

  const IdentityProvider& provider_;
  const std::string& user_id_;
  const Facts& facts_;
  Ask& ask_;
};

}  // namespace

CredentialRemoval remove_credentials(const IdentityProvider& provider, const std::string& user_id, const Facts& facts, Ask& ask) {
  return Removal(provider, user_id, facts, ask).run();
}

}  // namespace lernd::user_deletion_cleanup
