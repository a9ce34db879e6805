#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "loads/kinds.h"

namespace lernd::bench {
namespace {

constexpr std::string_view kPath = "/private/user/v1/read/";

/// What a profile has besides, as the user service answers it.
constexpr std::string_view kOtherMembers =
    R"("channel":"north-state","status":1,"isDeleted":false,"flagsValue":2,"stateValidated":true,"tncAcceptedVersion":"v13","tncAcceptedOn":"2023-05-08T14:38:13.275Z",)"
    R"("allTncAccepted":{"orgAdminTnc":{"tncAcceptedOn":"2023-05-08 14:38:13:275+0000","version":"v1"}},"roles":[{"role":"PUBLIC","scope":[]}],)"
    R"("promptTnC":false,"tncLatestVersion":"v13","tncLatestVersionUrl":"https://storage.example.org/terms-and-conditions/v13.html","managedBy":null,)"
    R"("profileLocation":[{"id":"loc-28","type":"state"},{"id":"loc-2813","type":"district"},{"id":"loc-281301","type":"block"}],)"
    R"("externalIds":[],"createdBy":"","updatedDate":"2023-08-07 06:24:35:000+0000","recoveryEmail":"","recoveryPhone":"","maskedPhone":null,"dob":"1990-12-31")";

std::string profile(const Size&, std::string_view path, std::string_view) {
  const auto id = path.substr(kPath.size(), path.find('?') - kPath.size());
  return fmt::format(
      R"({{"id":".private.user.v1.read.{0}","ver":"private","params":{{"err":null,"status":"SUCCESS","errmsg":null}},"responseCode":"OK","result":{{"response":{{)"
      R"("id":"{0}","userId":"{0}","identifier":"{0}","firstName":"Asha","lastName":"Rao","language":["English"],"rootOrgId":"01285019302823526477",)"
      R"("encEmail":"ZW5jLWVtYWls==","encPhone":"ZW5jLXBob25l==","email":"as***@example.org","phone":"******1122",)"
      R"("organisations":[{{"organisationId":"0130107621805015045","orgName":"North State","isDeleted":false}}],"rootOrg":{{"id":"0130107621805015045","orgName":"North State"}},)"
      R"("profileUserTypes":[{{"type":"teacher"}}],"framework":{{"id":["ns_k-12"],"board":["State of North"],"medium":["English","Hindi"],)"
      R"("gradeLevel":["Class 6","Class 7"],"subject":["Mathematics"]}},"userLocations":[{{"type":"state","name":"North","code":"28","id":"loc-28"}},)"
      R"({{"type":"district","name":"Lakeside","code":"2813","id":"loc-2813"}},{{"type":"school","name":"Govt. School","code":"28130100412","id":"loc-3"}}],{1}}}}}}})",
      id, kOtherMembers);
}

class Profiles final : public Load {
 public:
  explicit Profiles(const OptionValues& values) : users_{"redis-meta", static_cast<int>(values.integer("redis-meta.database.userstore.id"))} {}

  /// An entry of a former state: another place, a field that nobody manages.
  Stock before(Part part, std::size_t item) const override {
    Stock stock;
    stock.keys.push_back({.kind = CacheWrite::Kind::put_hash,
                          .cache = users_,
                          .key = key(part, item),
                          .value = {.fields = {{"block", "Hillview"}, {"firstname", "A"}, {"iscertified", "1"}, {"state", "South"}}}});
    return stock;
  }

  std::string event(Part part, std::size_t item, std::size_t round) const override {
    return fmt::format(
        R"({{"eid":"AUDIT","ets":1573121861118,"ver":"3.0","mid":"1573121861118.{0}-{1}","actor":{{"id":"5609876543234567890987654345678","type":"Request"}},)"
        R"("context":{{"channel":"01285019302823526477","pdata":{{"id":"dev.sunbird.portal","pid":"learner-service","ver":"2.5.0"}},"env":"User","did":"d-3",)"
        R"("cdata":[{{"id":"google","type":"SignupType"}}],"rollup":{{"l1":"01285019302823526477"}}}},"object":{{"id":"{0}","type":"User"}},)"
        R"("edata":{{"state":"Update","props":["recoveryEmail","recoveryPhone","userId","id","externalIds","updatedDate","updatedBy"]}}}})",
        user_id(part, item), round);
  }

  Findings after(Part part, std::size_t item, std::size_t) const override {
    CacheValue entry{.fields = {{"board", "State of North"},
                                {"district", "Lakeside"},
                                {"email", "ZW5jLWVtYWls=="},
                                {"firstname", "Asha"},
                                {"framework", "ns_k-12"},
                                {"grade", R"(["Class 6","Class 7"])"},
                                {"iscertified", "1"},
                                {"language", R"(["English"])"},
                                {"lastname", "Rao"},
                                {"medium", R"(["English","Hindi"])"},
                                {"orgname", "North State"},
                                {"phone", "ZW5jLXBob25l=="},
                                {"profileusertypes", R"(\[{"type":"teacher"}\])"},
                                {"rootorgid", "01285019302823526477"},
                                {"schoolname", "Govt. School"},
                                {"schooludisecode", "28130100412"},
                                {"state", "North"},
                                {"subject", R"(["Mathematics"])"},
                                {"userid", user_id(part, item)},
                                {"usersignintype", "Self-Signed-In"},
                                {"usersubtype", ""},
                                {"usertype", "teacher"}}};
    Findings findings;
    findings.keys.emplace_back(CacheQuery{.cache = users_, .kind = CacheKind::hash, .key = key(part, item)}, std::move(entry));
    return findings;
  }

  std::vector<Outputs> outputs(Part, std::size_t, std::size_t) const override { return {}; }

 private:
  static std::string key(Part part, std::size_t item) { return "user:" + user_id(part, item); }

  const CacheId users_;
};

}  // namespace

LoadKind profiles_kind() {
  LoadKind kind{.name = "profiles", .job = "user-cache-updater", .learners = 20000, .units = false};
  kind.make = [](const Size&, const OptionValues& values, std::uint32_t) -> std::unique_ptr<Load> { return std::make_unique<Profiles>(values); };
  kind.answer = profile;
  kind.service_options = {{"user-read.api.url", std::string(kPath)}};
  return kind;
}

}  // namespace lernd::bench
