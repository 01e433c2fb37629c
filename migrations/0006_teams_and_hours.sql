-- When we work, who is here, and how much one person takes.

-- ---------------------------------------------------------------- working hours

-- { blocks: [{ day, from, to }], holidays: [{ date, name }] }: ISO weekdays and minutes of the day (src/staff/hours.ts).
-- The zone they are in stands beside them, in time_zone.
alter table workspaces add column hours jsonb;
-- The owner has walls too, and stands in no workspace here.
alter table workspaces no force row level security;
update workspaces set hours = jsonb_build_object('holidays', '[]'::jsonb, 'blocks', (
  select coalesce(jsonb_agg(jsonb_build_object('day', day, 'from', work_from_minute, 'to', least(work_to_minute, 1440))
      order by day), '[]'::jsonb)
  -- No working day at all used to mean every day.
  from unnest(case when work_days = '{}' then '{1,2,3,4,5,6,7}' else work_days end) as day where day between 1 and 7));
alter table workspaces force row level security;
alter table workspaces
  alter column hours set not null,
  alter column hours set default '{"holidays": [], "blocks": [
    {"day": 1, "from": 540, "to": 1020}, {"day": 2, "from": 540, "to": 1020}, {"day": 3, "from": 540, "to": 1020},
    {"day": 4, "from": 540, "to": 1020}, {"day": 5, "from": 540, "to": 1020}]}',
  add constraint workspaces_hours_check
    check (jsonb_typeof(hours -> 'blocks') = 'array' and jsonb_typeof(hours -> 'holidays') = 'array'),
  drop column work_days,
  drop column work_from_minute,
  drop column work_to_minute;

-- A team's own; null is the workspace's.
alter table teams
  add column time_zone text,
  add column hours jsonb,
  add constraint teams_hours_check check ((hours is null) = (time_zone is null)
    and jsonb_typeof(hours -> 'blocks') = 'array' and jsonb_typeof(hours -> 'holidays') = 'array');

-- Without working hours nothing is ever due: such a case stands behind all that were promised an answer. The date is
-- later than any promise, and its microseconds are still a number that JavaScript can hold.
drop index cases_queue;
create index cases_queue on cases
  (workspace_id, coalesce(answer_due_at, '2200-01-01 00:00:00+00'::timestamptz), unanswered_since, case_id)
  where status <> 'closed' and unanswered_since is not null;

-- ---------------------------------------------------------------- capacity, and who is here

alter table agents
  -- Open cases at most; null is no bound.
  add column capacity integer check (capacity between 1 and 1000),
  -- By their own choice, until they come back.
  add column away_since timestamptz;

-- Where an agent's screen is, as it said last. Lost with a crash, and said anew within seconds.
create unlogged table presence (
  workspace_id uuid not null references workspaces on delete cascade,
  agent_id uuid not null,
  heard_at timestamptz not null default now(),
  case_id uuid,
  is_writing boolean not null default false,
  primary key (workspace_id, agent_id),
  foreign key (workspace_id, agent_id) references agents on delete cascade
) with (fillfactor = 50);
create index presence_on_case on presence (workspace_id, case_id) where case_id is not null;

-- Told to those who look at the same case; a beat that says nothing new is no news.
create function tell_presence() returns trigger language plpgsql as $$
declare
  was uuid := case when tg_op = 'UPDATE' then old.case_id end;
begin
  if was is not null and was is distinct from new.case_id then
    perform pg_notify('evenhand', concat_ws(' ', new.workspace_id, 'presence', was));
  end if;
  if new.case_id is not null and (was is distinct from new.case_id or old.is_writing <> new.is_writing
      or old.heard_at < new.heard_at - interval '45 seconds') then
    perform pg_notify('evenhand', concat_ws(' ', new.workspace_id, 'presence', new.case_id));
  end if;
  return null;
end $$;
create trigger tell after insert or update on presence for each row execute function tell_presence();

-- ---------------------------------------------------------------- out of office

create table absences (
  workspace_id uuid not null references workspaces on delete cascade,
  absence_id uuid not null default uuidv7(),
  agent_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  note text not null default '',
  -- Gets what is returned, as far as they are here and have room for it.
  deputy_id uuid,
  noted_by uuid not null,
  noted_at timestamptz not null default now(),
  -- Ended by a person before its time.
  ended_at timestamptz,
  primary key (workspace_id, absence_id),
  foreign key (workspace_id, agent_id) references agents on delete cascade,
  foreign key (workspace_id, deputy_id) references agents,
  check (ends_at > starts_at),
  check (deputy_id is distinct from agent_id)
);
create index absences_of_agent on absences (workspace_id, agent_id, ends_at desc);
create index absences_by_end on absences (workspace_id, ends_at);

-- What someone finds gone when they come back.
create table returned_cases (
  workspace_id uuid not null references workspaces on delete cascade,
  absence_id uuid not null,
  case_id uuid not null,
  to_agent_id uuid,
  returned_at timestamptz not null,
  primary key (workspace_id, absence_id, case_id),
  foreign key (workspace_id, absence_id) references absences on delete cascade,
  foreign key (workspace_id, case_id) references cases
);
create index returned_cases_of_case on returned_cases (workspace_id, case_id);

-- ---------------------------------------------------------------- walls, news and grants

do $$
declare tenant text;
begin
  foreach tenant in array array['presence', 'absences', 'returned_cases'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy walls on %I using (workspace_id = current_workspace())
      with check (workspace_id = current_workspace())', tenant);
  end loop;
end $$;
create policy team_walls on returned_cases as restrictive using ((select current_teams()) is null
  or exists (select 1 from cases c where c.workspace_id = returned_cases.workspace_id and c.case_id = returned_cases.case_id));

create trigger tell after insert or update on absences
  for each row execute function tell_change('absence', 'absence_id');

grant select, insert, update, delete on presence to evenhand_app;
grant select, insert, update (ended_at) on absences to evenhand_app;
grant select, insert on returned_cases to evenhand_app;
