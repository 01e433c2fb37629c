-- What the owner answers for others is asked of the house's own tables, whoever asks. Unless it is named last, the schema
-- for temporary tables is searched first: a stranger's `agents` would be read as ours, with the owner's rights.
do $$
declare it regprocedure;
begin
  for it in select oid from pg_proc where prosecdef and pronamespace = 'public'::regnamespace loop
    execute format('alter function %s set search_path = pg_catalog, public, pg_temp', it);
  end loop;
end $$;

-- In a database that was made before PostgreSQL 15 everybody may make tables and functions beside ours.
revoke create on schema public from public;

-- A search may name a person whose words are to be erased: what was typed can be blanked, that somebody searched stays.
alter table person_searches drop constraint person_searches_reason_check;
alter table person_searches add constraint person_searches_reason_check
  check (reason = '' or length(btrim(reason)) >= 5);
grant update (name, reason) on person_searches to evenhand_app;
