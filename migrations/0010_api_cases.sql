-- Cases handed in through the API (network `api`: the tables take it as it is), and lists that stay fast at millions.

-- Who sees only some teams reads one ordered scan per team: over all of them it would pass by every case of the others.
create index cases_queue_of_team on cases (workspace_id, team_id,
    (case when answer_due_at is null then '2200-01-01 00:00:00+00'::timestamptz else answer_due_at end), unanswered_since, case_id)
  where status <> 'closed' and unanswered_since is not null;
create index cases_answered_of_team on cases (workspace_id, team_id, last_said_at desc, case_id)
  where status <> 'closed' and unanswered_since is null;
create index cases_closed_of_team on cases (workspace_id, team_id, closed_at desc, case_id) where status = 'closed';

-- The same order in words that row-level security may use to find a place in it: it takes a coalesce for a function
-- that could tell what it sees, and would read a deep page from the top.
drop index cases_queue;
create index cases_queue on cases (workspace_id,
    (case when answer_due_at is null then '2200-01-01 00:00:00+00'::timestamptz else answer_due_at end), unanswered_since, case_id)
  where status <> 'closed' and unanswered_since is not null;

-- A channel belongs to one of the networks that we speak; what is handed in has none.
alter table cases add constraint cases_network_check check (network in ('bluesky', 'rehearsal', 'api')),
  add constraint cases_handed_in_check check (network <> 'api' or channel_id is null);

-- Whoever saw the case in the team that it left has to be told that it is gone: only this moment knows that team.
create function tell_move() returns trigger language plpgsql as $$
begin
  perform pg_notify('evenhand',
    concat_ws(' ', new.workspace_id, 'moved', new.case_id, coalesce(old.team_id::text, '-')));
  return null;
end $$;
create trigger tell_move after update on cases for each row
  when (old.team_id is distinct from new.team_id) execute function tell_move();

-- The two tables that hear of every post: a row need not become JSON to say whose it is.
create function tell_case() returns trigger language plpgsql as $$
begin
  if new.case_id is not null then
    perform pg_notify('evenhand', concat_ws(' ', new.workspace_id, 'case', new.case_id));
  end if;
  return null;
end $$;
drop trigger tell on cases;
create trigger tell after insert or update on cases for each row execute function tell_case();
drop trigger tell on posts;
create trigger tell after insert or update on posts for each row execute function tell_case();
