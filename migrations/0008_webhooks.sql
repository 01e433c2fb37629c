-- Webhooks: where a workspace wants its events told, what is to be told, and how each attempt went.

-- ---------------------------------------------------------------- destinations

create table webhook_destinations (
  workspace_id uuid not null references workspaces on delete cascade,
  destination_id uuid not null default uuidv7(),
  name text not null,
  url text not null,
  -- Null is all of them, those that are invented later too.
  types text[],
  -- In a private network: reached only where the operator named its host:port for webhooks as well.
  own_network boolean not null default false,
  sealed_secret text not null,
  -- The one before signs beside it until then.
  sealed_old_secret text,
  old_secret_until timestamptz,
  state text not null default 'on' check (state in ('on', 'paused', 'disabled')),
  state_reason text check (state_reason in ('by-agent', 'failing', 'gone')),
  state_at timestamptz not null default now(),
  -- Attempts in a row that failed, and when the first of them was.
  failures integer not null default 0,
  failing_since timestamptz,
  -- The number given to a delivery last: in the order in which they were seen committed.
  last_sequence bigint not null default 0,
  created_by uuid,
  created_at timestamptz not null default now(),
  primary key (workspace_id, destination_id)
);

-- One row per event and destination, written in the transaction of the change.
create table webhook_deliveries (
  workspace_id uuid not null,
  destination_id uuid not null,
  -- The webhook-id: the same for every destination and every attempt.
  event_id uuid not null,
  type text not null,
  -- What it is about, a case where there is one: deliveries about the same thing go one after the other.
  about text not null,
  -- Ids, numbers and states. Never what people wrote: nothing here has to be recalled.
  data jsonb not null,
  at timestamptz not null,
  -- Given when it is first taken up: a number handed out in the change itself could be seen before a smaller one.
  sequence bigint,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
  next_at timestamptz not null default clock_timestamp(),
  tries integer not null default 0,
  first_tried_at timestamptz,
  settled_at timestamptz,
  last_error text,
  last_status integer,
  -- By the database's clock; the token fences off a worker that lost it.
  lease_until timestamptz,
  lease_token uuid,
  primary key (workspace_id, destination_id, event_id),
  foreign key (workspace_id, destination_id) references webhook_destinations on delete cascade
);
create index webhook_deliveries_due on webhook_deliveries (workspace_id, destination_id, next_at)
  where state = 'waiting';
create index webhook_deliveries_in_line on webhook_deliveries (workspace_id, destination_id, about, sequence)
  where state = 'waiting';
create index webhook_deliveries_fresh on webhook_deliveries (workspace_id, destination_id, event_id)
  where sequence is null;
create index webhook_deliveries_by_state on webhook_deliveries (workspace_id, destination_id, state, event_id desc);
create index webhook_deliveries_by_age on webhook_deliveries (workspace_id, at);

create table webhook_attempts (
  workspace_id uuid not null,
  destination_id uuid not null,
  event_id uuid not null,
  attempt_id uuid not null,
  at timestamptz not null,
  duration_ms integer not null,
  -- Null where no answer came.
  status integer,
  -- Null when it was taken; otherwise a word of src/base/webhook-attempt.ts.
  error text,
  -- The beginning of what the receiver said.
  answer text,
  primary key (workspace_id, destination_id, event_id, attempt_id),
  foreign key (workspace_id, destination_id, event_id) references webhook_deliveries on delete cascade
);

do $$
declare tenant text;
begin
  foreach tenant in array array['webhook_destinations', 'webhook_deliveries', 'webhook_attempts'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy walls on %I using (workspace_id = current_workspace())
      with check (workspace_id = current_workspace())', tenant);
  end loop;
end $$;

grant select, insert, update, delete on webhook_destinations, webhook_deliveries to evenhand_app;
grant select, insert, delete on webhook_attempts to evenhand_app;

create trigger tell after insert or delete on webhook_destinations
  for each row execute function tell_change('webhook', 'destination_id');
-- Counting is no news.
create trigger tell_update after update on webhook_destinations for each row
  when (old.last_sequence = new.last_sequence and old.failures = new.failures)
  execute function tell_change('webhook', 'destination_id');

-- Asked before a workspace is known: where something is due. It answers ids only.
create policy owner_lists on webhook_destinations for select to current_user using (true);
create policy owner_lists on webhook_deliveries for select to current_user using (true);
create function list_due_webhooks() returns table (workspace_id uuid, destination_id uuid)
  language sql stable security definer set search_path = public
  as $$ select it.workspace_id, it.destination_id from webhook_destinations it
    where exists (select from webhook_deliveries due
      where due.workspace_id = it.workspace_id and due.destination_id = it.destination_id
        and due.state = 'waiting' and due.next_at <= clock_timestamp()
        and (due.lease_until is null or due.lease_until < clock_timestamp())
        and (it.state = 'on' or due.type = 'webhook.ping')) $$;
revoke execute on function list_due_webhooks from public;
grant execute on function list_due_webhooks to evenhand_app;

-- ---------------------------------------------------------------- what is told

create function wants_hook(workspace uuid, wanted text) returns boolean language plpgsql stable as $$
begin
  return exists (select from webhook_destinations it where it.workspace_id = workspace
    and it.state <> 'disabled' and (it.types is null or wanted = any (it.types)));
end $$;

create function tell_hook(workspace uuid, kind text, about text, data jsonb) returns void language plpgsql as $$
declare
  event uuid := uuidv7();
begin
  insert into webhook_deliveries (workspace_id, destination_id, event_id, type, about, data, at)
  select it.workspace_id, it.destination_id, event, kind, tell_hook.about, tell_hook.data, clock_timestamp()
    from webhook_destinations it where it.workspace_id = workspace
      and it.state <> 'disabled' and (it.types is null or kind = any (it.types));
  perform pg_notify('evenhand_webhooks', workspace || ' told');
end $$;

create function camel(name text) returns text language sql immutable
  return lower(left(name, 1)) || substr(replace(initcap(replace(name, '_', ' ')), ' ', ''), 2);

-- Arguments: the type, the column that says what it is about, and the columns that are told. A type that ends in a dot
-- goes on with the row's state.
create function hook_row() returns trigger language plpgsql as $$
declare
  it jsonb;
  kind text := tg_argv[0];
begin
  if kind like '%.' then kind := kind || new.state; end if;
  if tg_op = 'DELETE' then
    if not wants_hook(old.workspace_id, kind) then return null; end if;
    it := to_jsonb(old);
  else
    if not wants_hook(new.workspace_id, kind) then return null; end if;
    it := to_jsonb(new);
  end if;
  perform tell_hook((it ->> 'workspace_id')::uuid, kind, coalesce(it ->> tg_argv[1], it ->> tg_argv[2]),
    (select jsonb_object_agg(camel(name), it -> name) from unnest(tg_argv[2:]) as name));
  return null;
end $$;

-- Every event of a case that its history keeps, with how the case stands after it. Of the history itself only ids.
create function hook_case() returns trigger language plpgsql as $$
declare
  kind text := 'case.' || new.type;
  data jsonb;
begin
  if not wants_hook(new.workspace_id, kind) then return null; end if;
  select jsonb_build_object('caseId', it.case_id, 'number', it.number, 'network', it.network, 'status', it.status,
      'kind', it.kind, 'urgency', it.urgency, 'assigneeId', it.assignee_id,
      -- Where a whole team goes, its cases are told before they are changed.
      'teamId', case new.type when 'team-changed' then new.detail ->> 'to' else it.team_id::text end,
      'outcome', it.outcome, 'outcomeBy', it.outcome_by, 'byAgentId', new.by_agent_id,
      'postId', new.detail -> 'postId', 'replyId', new.detail -> 'replyId', 'fileId', new.detail -> 'fileId')
    into data from cases it where it.workspace_id = new.workspace_id and it.case_id = new.case_id;
  perform tell_hook(new.workspace_id, kind, new.case_id::text, data);
  return null;
end $$;

-- A source is the installation's: whoever listens there is told.
create function hook_source() returns trigger language plpgsql as $$
declare
  was text := coalesce(current_setting('evenhand.workspace', true), '');
  it jsonb := to_jsonb(new);
  kind text := tg_argv[0] || case when tg_argv[0] like '%.' then it ->> 'state' else '' end;
  workspace uuid;
begin
  for workspace in select find_workspaces_of_source(new.source_id) loop
    perform set_config('evenhand.workspace', workspace::text, true);
    if wants_hook(workspace, kind) then
      perform tell_hook(workspace, kind, new.source_id,
        (select jsonb_object_agg(camel(name), it -> name) from unnest(tg_argv[1:]) as name));
    end if;
  end loop;
  perform set_config('evenhand.workspace', was, true);
  return null;
end $$;

-- What happens to a reply or a post is told by itself, once.
create trigger hook after insert on case_events for each row
  when (new.type not like 'reply-%' and new.type not like 'post-%') execute function hook_case();

create trigger hook_heard after insert on posts for each row when (new.deleted_at is null)
  execute function hook_row('post.heard', 'case_id', 'post_id', 'case_id', 'network', 'ours');
create trigger hook_edited after update on posts for each row
  when (old.edited_at is distinct from new.edited_at and new.deleted_at is null)
  execute function hook_row('post.edited', 'case_id', 'post_id', 'case_id', 'network', 'ours');
create trigger hook_deleted after update on posts for each row
  when (old.deleted_at is null and new.deleted_at is not null)
  execute function hook_row('post.deleted', 'case_id', 'post_id', 'case_id', 'network', 'ours');
create trigger hook_hidden after update on posts for each row
  when (old.hidden_at is null and new.hidden_at is not null and new.deleted_at is null)
  execute function hook_row('post.hidden', 'case_id', 'post_id', 'case_id', 'network', 'ours');
create trigger hook_shown after update on posts for each row
  when (old.hidden_at is not null and new.hidden_at is null and new.deleted_at is null)
  execute function hook_row('post.shown', 'case_id', 'post_id', 'case_id', 'network', 'ours');

create trigger hook after insert on replies for each row
  execute function hook_row('reply.', 'case_id', 'reply_id', 'case_id', 'channel_id', 'by_agent_id', 'purpose',
    'state', 'attempts', 'shown');
create trigger hook_state after update on replies for each row when (old.state <> new.state)
  execute function hook_row('reply.', 'case_id', 'reply_id', 'case_id', 'channel_id', 'by_agent_id', 'purpose',
    'state', 'attempts', 'shown');
create trigger hook_shown after update on replies for each row when (old.shown <> new.shown)
  execute function hook_row('reply.looked-at', 'case_id', 'reply_id', 'case_id', 'channel_id', 'by_agent_id',
    'purpose', 'state', 'attempts', 'shown');

create trigger hook after insert on notes for each row
  execute function hook_row('note.written', 'case_id', 'note_id', 'case_id', 'by_agent_id');

create trigger hook after insert on channels for each row
  execute function hook_row('channel.connected', 'channel_id', 'channel_id', 'network', 'state', 'paused_reason');
create trigger hook_again after update on channels for each row
  when (old.removed_at is not null and new.removed_at is null)
  execute function hook_row('channel.connected', 'channel_id', 'channel_id', 'network', 'state', 'paused_reason');
create trigger hook_removed after update on channels for each row
  when (old.removed_at is null and new.removed_at is not null)
  execute function hook_row('channel.removed', 'channel_id', 'channel_id', 'network', 'state', 'paused_reason');
create trigger hook_state after update on channels for each row when (old.state <> new.state)
  execute function hook_row('channel.', 'channel_id', 'channel_id', 'network', 'state', 'paused_reason');

create trigger hook_muted after update on authors for each row
  when (old.muted_at is null and new.muted_at is not null)
  execute function hook_row('author.muted', 'author_id', 'author_id', 'network', 'status', 'muted_reason');
create trigger hook_unmuted after update on authors for each row
  when (old.muted_at is not null and new.muted_at is null)
  execute function hook_row('author.unmuted', 'author_id', 'author_id', 'network', 'status', 'muted_reason');
create trigger hook_status after update on authors for each row when (old.status <> new.status)
  execute function hook_row('author.status-changed', 'author_id', 'author_id', 'network', 'status', 'muted_reason');

create trigger hook after insert on agents for each row
  execute function hook_row('agent.joined', 'agent_id', 'agent_id', 'role', 'role_id', 'sees');
create trigger hook_rights after update on agents for each row
  when (old.role <> new.role or old.role_id is distinct from new.role_id or old.sees <> new.sees)
  execute function hook_row('agent.rights-changed', 'agent_id', 'agent_id', 'role', 'role_id', 'sees');
create trigger hook_suspended after update on agents for each row
  when (old.suspended_at is null and new.suspended_at is not null)
  execute function hook_row('agent.suspended', 'agent_id', 'agent_id', 'role', 'role_id', 'sees');
create trigger hook_restored after update on agents for each row
  when (old.suspended_at is not null and new.suspended_at is null)
  execute function hook_row('agent.restored', 'agent_id', 'agent_id', 'role', 'role_id', 'sees');

create trigger hook_away after update on agents for each row
  when (old.away_since is null and new.away_since is not null)
  execute function hook_row('agent.away', 'agent_id', 'agent_id', 'role', 'role_id', 'sees');
create trigger hook_back after update on agents for each row
  when (old.away_since is not null and new.away_since is null)
  execute function hook_row('agent.back', 'agent_id', 'agent_id', 'role', 'role_id', 'sees');
create trigger hook_noted after insert on absences for each row
  execute function hook_row('absence.noted', 'agent_id', 'absence_id', 'agent_id', 'deputy_id');
create trigger hook_ended after update on absences for each row
  when (old.ended_at is null and new.ended_at is not null)
  execute function hook_row('absence.ended', 'agent_id', 'absence_id', 'agent_id', 'deputy_id');

create trigger hook_sent after insert on invitations for each row
  execute function hook_row('invitation.sent', 'invitation_id', 'invitation_id', 'role', 'role_id', 'sees');
create trigger hook_accepted after update on invitations for each row
  when (old.accepted_at is null and new.accepted_at is not null)
  execute function hook_row('invitation.accepted', 'invitation_id', 'invitation_id', 'role', 'role_id', 'sees');
create trigger hook_revoked after update on invitations for each row
  when (old.revoked_at is null and new.revoked_at is not null)
  execute function hook_row('invitation.revoked', 'invitation_id', 'invitation_id', 'role', 'role_id', 'sees');

create trigger hook_made after insert on roles for each row execute function hook_row('role.made', 'role_id', 'role_id');
create trigger hook_changed after update on roles for each row
  execute function hook_row('role.changed', 'role_id', 'role_id');
create trigger hook_removed after delete on roles for each row
  execute function hook_row('role.removed', 'role_id', 'role_id');

create trigger hook_made after insert on teams for each row
  execute function hook_row('team.made', 'team_id', 'team_id', 'needs_approval');
create trigger hook_changed after update on teams for each row when (new.removed_at is null)
  execute function hook_row('team.changed', 'team_id', 'team_id', 'needs_approval');
create trigger hook_removed after update on teams for each row
  when (old.removed_at is null and new.removed_at is not null)
  execute function hook_row('team.removed', 'team_id', 'team_id', 'needs_approval');
create trigger hook_added after insert on team_agents for each row
  execute function hook_row('team.agent-added', 'team_id', 'team_id', 'agent_id');
create trigger hook_removed after delete on team_agents for each row
  execute function hook_row('team.agent-removed', 'team_id', 'team_id', 'agent_id');
create trigger hook_added after insert on team_channels for each row
  execute function hook_row('team.channel-added', 'team_id', 'team_id', 'channel_id');
create trigger hook_removed after delete on team_channels for each row
  execute function hook_row('team.channel-removed', 'team_id', 'team_id', 'channel_id');

create trigger hook_added after insert on watches for each row
  execute function hook_row('watch.added', 'watch_id', 'watch_id');
create trigger hook_changed after update on watches for each row when (new.removed_at is null)
  execute function hook_row('watch.changed', 'watch_id', 'watch_id');
create trigger hook_removed after update on watches for each row
  when (old.removed_at is null and new.removed_at is not null)
  execute function hook_row('watch.removed', 'watch_id', 'watch_id');

create trigger hook_joined after insert on workspace_sources for each row
  execute function hook_row('source.joined', 'source_id', 'source_id');
create trigger hook_left after delete on workspace_sources for each row
  execute function hook_row('source.left', 'source_id', 'source_id');
create trigger hook_state after update on sources for each row when (old.state <> new.state)
  execute function hook_source('source.', 'source_id', 'kind', 'state');
create trigger hook_noticed after insert on gaps for each row
  execute function hook_source('gap.noticed', 'gap_id', 'source_id');
create trigger hook_filled after update on gaps for each row
  when (old.filled_at is null and new.filled_at is not null)
  execute function hook_source('gap.filled', 'gap_id', 'source_id');

create trigger hook after update on workspaces for each row
  when ((old.name, old.brand, old.time_zone, old.answer_within_minutes, old.hours)
    is distinct from (new.name, new.brand, new.time_zone, new.answer_within_minutes, new.hours))
  execute function hook_row('workspace.changed', 'workspace_id', 'workspace_id');

create trigger hook_state after update on webhook_destinations for each row when (old.state <> new.state)
  execute function hook_row('webhook.', 'destination_id', 'destination_id', 'state', 'state_reason');
