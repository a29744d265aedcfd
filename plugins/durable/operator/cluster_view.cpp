#include "durable/operator/cluster_view.hpp"

#include <soci/soci.h>

#include "base/clock.hpp"
#include "durable/cluster/cluster_rows.hpp"
#include "durable/database/shards.hpp"
#include "durable/database/statement.hpp"
#include "durable/operator/existing_state.hpp"

namespace hermes::durable {

ClusterLook::ClusterLook(const std::string& connection, const std::string& data_directory,
                         const std::string& platform)
    : database_(open_existing(connection, data_directory, platform)) {}

ClusterLook::~ClusterLook() = default;

ClusterView ClusterLook::view() {
    return guarded(*database_, [&] {
        ClusterView view;
        view.shards_all = shard_count;
        if (database_->location().dialect == Dialect::sqlite) {
            return view;
        }
        GatewayView gateway;
        std::int64_t started_at_ms = 0, silence_ms = 0;
        int is_drained = 0;
        const std::string of_its_shards =
            "t where t.state = 0 and t.shard in"
            " (select shard from shards where run = g.run)";
        soci::statement read =
            (database_->session().prepare
                 << "select g.run, g.name, g.started_at_ms, greatest(0, " << server_now_ms
                 << " - g.beat_at_ms), g.drained,"
                    " cast((select count(*) from shards where run = g.run) as integer),"
                    " (select count(*) from inbox "
                 << of_its_shards << "), (select count(*) from outbox " << of_its_shards
                 << ") from gateways g order by g.run",
             soci::into(gateway.number), soci::into(gateway.name), soci::into(started_at_ms),
             soci::into(silence_ms), soci::into(is_drained), soci::into(gateway.shards),
             soci::into(gateway.events), soci::into(gateway.messages));
        for_each_row(read, [&] {
            gateway.started_at = base::from_unix_ms(started_at_ms);
            gateway.silence = std::chrono::milliseconds(silence_ms);
            gateway.is_drained = is_drained != 0;
            view.gateways.push_back(gateway);
        });
        view.shards_free = shard_count - database_->held_by_any().size();
        return view;
    });
}

bool ClusterLook::drain(std::int64_t number, bool is_drained) {
    return guarded(*database_, [&] {
        const int drained = is_drained ? 1 : 0;
        soci::statement update = (database_->session().prepare
                                      << "update gateways set drained = :drained where run = :run",
                                  soci::use(drained), soci::use(number));
        update.execute(true);
        return update.get_affected_rows() > 0;
    });
}

}  // namespace hermes::durable
