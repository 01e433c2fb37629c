-- People who work here: what a role may do, in which teams, and a log of what was done.

-- ---------------------------------------------------------------- roles

-- A role of the workspace's own, begun as a copy of a built-in one (src/staff/permissions.ts).
create table roles (
  workspace_id uuid not null references workspaces on delete cascade,
  role_id uuid not null default uuidv7(),
  name text not null,
  may text[] not null,
  copied_from text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, role_id)
);
create unique index roles_by_name on roles (workspace_id, lower(name));

alter table agents drop constraint agents_role_check;
alter table agents
  add constraint agents_role_check check (role in
    ('admin', 'lead', 'agent', 'publisher', 'duty-editor', 'community-manager', 'viewer', 'custom')),
  add column role_id uuid,
  add constraint agents_role_id_check check ((role = 'custom') = (role_id is not null)),
  add foreign key (workspace_id, role_id) references roles,
  -- 'workspace' sees every case; 'teams' those of their own teams and of none.
  add column sees text not null default 'workspace' check (sees in ('workspace', 'teams')),
  add column suspended_at timestamptz,
  add column suspended_by uuid,
  -- Counts changes of what this agent may do: open streams and remembered sessions of an older count end.
  add column rights_version integer not null default 1;

-- ---------------------------------------------------------------- teams

create table teams (
  workspace_id uuid not null references workspaces on delete cascade,
  team_id uuid not null default uuidv7(),
  name text not null,
  -- What its agents write in public waits for a second person.
  needs_approval boolean not null default false,
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  primary key (workspace_id, team_id)
);
create unique index teams_by_name on teams (workspace_id, lower(name)) where removed_at is null;

create table team_agents (
  workspace_id uuid not null references workspaces on delete cascade,
  team_id uuid not null,
  agent_id uuid not null,
  primary key (workspace_id, team_id, agent_id),
  foreign key (workspace_id, team_id) references teams,
  foreign key (workspace_id, agent_id) references agents on delete cascade
);
create index team_agents_of_agent on team_agents (workspace_id, agent_id);

-- A channel of a team's own: its cases open in the team, and agents who see only their teams answer as it only there.
create table team_channels (
  workspace_id uuid not null references workspaces on delete cascade,
  team_id uuid not null,
  channel_id uuid not null,
  primary key (workspace_id, team_id, channel_id),
  -- A channel belongs to one team or to all.
  unique (workspace_id, channel_id),
  foreign key (workspace_id, team_id) references teams,
  foreign key (workspace_id, channel_id) references channels
);

alter table channels add column needs_approval boolean not null default false;
alter table cases add column team_id uuid, add foreign key (workspace_id, team_id) references teams;
create index cases_of_team on cases (workspace_id, team_id) where team_id is not null and status <> 'closed';

-- The teams whose cases this transaction may touch; null is every team.
create function current_teams() returns uuid[] language sql stable
  return nullif(current_setting('evenhand.teams', true), '')::uuid[];

-- A second wall inside the first. The subselect is asked once per query, not once per row.
create policy team_walls on cases as restrictive
  using ((select current_teams()) is null or team_id is null or team_id = any ((select current_teams())::uuid[]));
do $$
declare of_case text;
begin
  foreach of_case in array array['posts', 'case_events', 'notes', 'drafts', 'replies'] loop
    execute format('create policy team_walls on %I as restrictive
      using ((select current_teams()) is null or case_id is null
        or exists (select 1 from cases c where c.workspace_id = %I.workspace_id and c.case_id = %I.case_id))',
      of_case, of_case, of_case);
  end loop;
end $$;

-- ---------------------------------------------------------------- who may do what changed

create function count_rights_change() returns trigger language plpgsql as $$
begin
  new.rights_version := old.rights_version + 1;
  return new;
end $$;
create trigger count_change before update on agents for each row
  when (old.role is distinct from new.role or old.role_id is distinct from new.role_id
    or old.sees is distinct from new.sees or old.suspended_at is distinct from new.suspended_at)
  execute function count_rights_change();
create function count_team_change() returns trigger language plpgsql as $$
begin
  update agents set rights_version = rights_version + 1
    where workspace_id = coalesce(new.workspace_id, old.workspace_id)
      and agent_id = coalesce(new.agent_id, old.agent_id);
  return null;
end $$;
create trigger count_change after insert or delete on team_agents for each row execute function count_team_change();
create function count_role_change() returns trigger language plpgsql as $$
begin
  update agents set rights_version = rights_version + 1
    where workspace_id = new.workspace_id and role_id = new.role_id;
  return null;
end $$;
create trigger count_change after update on roles for each row execute function count_role_change();

-- ---------------------------------------------------------------- the audit log

-- What people and keys did. A row is written in the transaction of what it tells; the sealing job links it into the
-- chain. Content and salt stand beside the chain, so that they can be erased and the chain still holds (P6).
create table audit (
  workspace_id uuid not null references workspaces on delete cascade,
  audit_id uuid not null default uuidv7(),
  at timestamptz not null default now(),
  act text not null,
  by_agent_id uuid,
  by_key_id uuid,
  -- What it was done to: the id in the address of the request, or of what was made.
  on_id text,
  -- Ids and states, never words of people and never secrets. Null once erased.
  content jsonb,
  salt bytea,
  erased_at timestamptz,
  primary key (workspace_id, audit_id)
);
create index audit_by_act on audit (workspace_id, act, audit_id desc);
create index audit_by_agent on audit (workspace_id, by_agent_id, audit_id desc);
create index audit_on on audit (workspace_id, on_id, audit_id desc);

create table audit_chain (
  workspace_id uuid not null references workspaces on delete cascade,
  seq bigint not null,
  audit_id uuid not null,
  -- SHA-256 over salt and content, and over the link before, seq and digest.
  digest bytea not null,
  link bytea not null,
  sealed_at timestamptz not null default now(),
  primary key (workspace_id, seq),
  unique (workspace_id, audit_id)
);

-- ---------------------------------------------------------------- asked twice, done once

-- Idempotency-Key of a create: the answer is kept, sealed, for a day.
create table idempotency_keys (
  workspace_id uuid not null references workspaces on delete cascade,
  holder_id uuid not null,
  key text not null,
  request_digest bytea not null,
  sealed_answer text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, holder_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (workspace_id, created_at);

-- ---------------------------------------------------------------- sessions

-- Where a session is: the workspace chosen last, or the only one it may ever enter (single sign-on of that workspace).
alter table auth_sessions
  add column "workspaceId" uuid,
  add column "onlyWorkspaceId" uuid,
  add column "signedInBy" text not null default 'password',
  add column "seenAt" timestamptz;

-- A person may work in several workspaces; whoever was suspended in one is not found there.
drop function find_workspaces_of_user(text);
create function find_workspaces_of_user(wanted text)
  returns table (workspace_id uuid, agent_id uuid, rights_version integer)
  language sql stable security definer set search_path = public
  as $$ select a.workspace_id, a.agent_id, a.rights_version from agents a
    where a.user_id = wanted and a.suspended_at is null order by a.created_at, a.agent_id $$;
revoke execute on function find_workspaces_of_user from public;
grant execute on function find_workspaces_of_user to evenhand_app;

-- ---------------------------------------------------------------- walls, news and grants

do $$
declare tenant text;
begin
  foreach tenant in array array['roles', 'teams', 'team_agents', 'team_channels', 'audit', 'audit_chain',
    'idempotency_keys'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy walls on %I using (workspace_id = current_workspace())
      with check (workspace_id = current_workspace())', tenant);
  end loop;
end $$;

create trigger tell after insert or update on agents for each row execute function tell_change('agent', 'agent_id');
create trigger tell after insert or update or delete on roles for each row execute function tell_change('role', 'role_id');
create trigger tell after insert or update on teams for each row execute function tell_change('team', 'team_id');
create trigger tell after insert or delete on team_agents for each row execute function tell_change('team', 'team_id');
create trigger tell after insert or delete on team_channels for each row execute function tell_change('team', 'team_id');

grant select, insert, update, delete on roles to evenhand_app;
grant select, insert, update on teams to evenhand_app;
grant select, insert, delete on team_agents, team_channels to evenhand_app;
-- Append-only: of what was written, only content and salt can be erased.
grant select, insert, update (content, salt, erased_at) on audit to evenhand_app;
grant select, insert on audit_chain to evenhand_app;
grant select, insert, update (sealed_answer), delete on idempotency_keys to evenhand_app;
