-- A reply that waits for a second person. No sender reads this table: what is approved goes into the outbox, frozen then.
create table approvals (
  workspace_id uuid not null references workspaces on delete cascade,
  -- The id that the reply will have.
  reply_id uuid not null,
  case_id uuid not null,
  channel_id uuid not null,
  by_agent_id uuid not null,
  purpose text not null check (purpose in ('answer', 'public-ending')),
  text text not null,
  asked_at timestamptz not null,
  decision text check (decision in ('approved', 'returned', 'withdrawn')),
  decided_at timestamptz,
  decided_by uuid,
  primary key (workspace_id, reply_id),
  foreign key (workspace_id, case_id) references cases,
  foreign key (workspace_id, channel_id) references channels,
  check ((decision is null) = (decided_at is null)),
  -- Nobody is their own second person.
  check (decision is distinct from 'approved' or decided_by <> by_agent_id)
);
create index approvals_waiting on approvals (workspace_id, asked_at, reply_id) where decision is null;
create index approvals_of_case on approvals (workspace_id, case_id) where decision is null;

alter table approvals enable row level security;
alter table approvals force row level security;
create policy walls on approvals using (workspace_id = current_workspace())
  with check (workspace_id = current_workspace());
create policy team_walls on approvals as restrictive using ((select current_teams()) is null
  or exists (select 1 from cases c where c.workspace_id = approvals.workspace_id and c.case_id = approvals.case_id));
create trigger tell after insert or update on approvals for each row execute function tell_change('case', 'case_id');
create trigger tell_list after insert or update on approvals
  for each row execute function tell_change('approval', 'reply_id');
grant select, insert, update (decision, decided_at, decided_by) on approvals to evenhand_app;
