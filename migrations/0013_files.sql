-- Files that agents put beside a case: in the database, so that one wall, one backup and one erasure cover them.
create table files (
  workspace_id uuid not null references workspaces on delete cascade,
  file_id uuid not null,
  case_id uuid not null,
  name text not null,
  media_type text not null,
  size integer not null check (size between 1 and 10485760),
  sha256 bytea not null,
  content bytea not null,
  by_agent_id uuid not null,
  added_at timestamptz not null default now(),
  primary key (workspace_id, file_id),
  foreign key (workspace_id, case_id) references cases
);
create index files_of_case on files (workspace_id, case_id, added_at);

alter table files enable row level security;
alter table files force row level security;
create policy walls on files using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy team_walls on files as restrictive using ((select current_teams()) is null
  or exists (select 1 from cases c where c.workspace_id = files.workspace_id and c.case_id = files.case_id));
create trigger tell after insert or delete on files for each row execute function tell_change('case', 'case_id');
grant select, insert, delete on files to evenhand_app;
