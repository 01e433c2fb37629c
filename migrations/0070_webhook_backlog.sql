-- A destination that was away catches up: what is due is found without looking at what is not, and what waits has a bound.

alter table webhook_deliveries
  -- Numbered, and behind an older one about the same thing that still waits: not due, whatever next_at says. The oldest
  -- of each thing is never behind; whoever settles it wakes the next in the same transaction.
  add column is_behind boolean not null default false,
  -- While leased, next_at is when the lease ends: one time says when it is due again.
  drop column lease_until;

-- The owner has walls too, and stands in no workspace here.
alter table webhook_deliveries no force row level security;
update webhook_deliveries it set is_behind = true from (
  select workspace_id, destination_id, event_id,
    row_number() over (partition by workspace_id, destination_id, about order by sequence) as place
  from webhook_deliveries where state = 'waiting' and sequence is not null
) as line
where line.place > 1 and it.workspace_id = line.workspace_id and it.destination_id = line.destination_id
  and it.event_id = line.event_id;
alter table webhook_deliveries force row level security;

drop index webhook_deliveries_due, webhook_deliveries_fresh, webhook_deliveries_in_line;
create index webhook_deliveries_due on webhook_deliveries (workspace_id, destination_id, next_at, sequence)
  where state = 'waiting' and sequence is not null and not is_behind;
create index webhook_deliveries_in_line on webhook_deliveries (workspace_id, destination_id, about, sequence)
  where state = 'waiting' and sequence is not null;
create index webhook_deliveries_fresh on webhook_deliveries (workspace_id, destination_id, event_id)
  where state = 'waiting' and sequence is null;
-- These go to a paused destination too, past all that waits for it.
create index webhook_deliveries_pings on webhook_deliveries (workspace_id, destination_id, next_at)
  where state = 'waiting' and type = 'webhook.ping';
-- Forgetting goes by destination, a piece at a time.
drop index webhook_deliveries_by_age;
create index webhook_deliveries_by_age on webhook_deliveries (workspace_id, destination_id, at);
create index webhook_attempts_latest on webhook_attempts (workspace_id, destination_id, attempt_id desc);

-- Since then what happens is put among the dead letters at once: too much waits, or it is paused for too long.
alter table webhook_destinations add column overflowing_since timestamptz;

create or replace function tell_hook(workspace uuid, kind text, about text, data jsonb) returns void language plpgsql as $$
declare
  event uuid := uuidv7();
begin
  insert into webhook_deliveries (workspace_id, destination_id, event_id, type, about, data, at, state, last_error,
      settled_at)
  select it.workspace_id, it.destination_id, event, kind, tell_hook.about, tell_hook.data, clock_timestamp(),
      case when over.it then 'dead' else 'waiting' end, case when over.it then 'paused' end,
      case when over.it then clock_timestamp() end
    from webhook_destinations it, lateral (select it.overflowing_since is not null as it) as over
    where it.workspace_id = workspace
      and it.state <> 'disabled' and (it.types is null or kind = any (it.types));
  perform pg_notify('evenhand_webhooks', workspace || ' told');
end $$;

-- The time of the statement, not of the clock: only what stands still while it is asked is looked up in an index.
create or replace function list_due_webhooks() returns table (workspace_id uuid, destination_id uuid)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select it.workspace_id, it.destination_id from webhook_destinations it
    where it.state = 'on' and exists (select from webhook_deliveries due
        where due.workspace_id = it.workspace_id and due.destination_id = it.destination_id
          and due.state = 'waiting' and due.sequence is not null and not due.is_behind
          and due.next_at <= statement_timestamp())
      or it.state = 'on' and exists (select from webhook_deliveries fresh
        where fresh.workspace_id = it.workspace_id and fresh.destination_id = it.destination_id
          and fresh.state = 'waiting' and fresh.sequence is null)
      or exists (select from webhook_deliveries ping
        where ping.workspace_id = it.workspace_id and ping.destination_id = it.destination_id
          and ping.state = 'waiting' and ping.type = 'webhook.ping' and ping.next_at <= statement_timestamp()) $$;

create trigger hook_overflowing after update on webhook_destinations for each row
  when (old.overflowing_since is null and new.overflowing_since is not null)
  execute function hook_row('webhook.overflowing', 'destination_id', 'destination_id', 'state', 'state_reason');
