-- What came after webhooks is told by them too.
create trigger hook_raised after insert on alerts for each row
  execute function hook_row('alert.raised', 'alert_id', 'alert_id', 'kind', 'agent_id');
create trigger hook_acknowledged after update on alerts for each row
  when (old.acknowledged_at is null and new.acknowledged_at is not null)
  execute function hook_row('alert.acknowledged', 'alert_id', 'alert_id', 'kind', 'agent_id');

create trigger hook_made after insert on api_keys for each row
  execute function hook_row('key.made', 'key_id', 'key_id', 'agent_id');
create trigger hook_ended after update on api_keys for each row when (old.ended_at is null and new.ended_at is not null)
  execute function hook_row('key.ended', 'key_id', 'key_id', 'agent_id');

create trigger hook after insert on contact_points for each row
  execute function hook_row('contact-point.', 'contact_point_id', 'contact_point_id', 'author_id', 'kind', 'state');
create trigger hook_state after update on contact_points for each row when (old.state <> new.state)
  execute function hook_row('contact-point.', 'contact_point_id', 'contact_point_id', 'author_id', 'kind', 'state');

create trigger hook after insert on carries for each row
  execute function hook_row('carry.', 'carry_id', 'carry_id', 'direction', 'kind', 'state', 'by_agent_id');
create trigger hook_state after update on carries for each row when (old.state <> new.state)
  execute function hook_row('carry.', 'carry_id', 'carry_id', 'direction', 'kind', 'state', 'by_agent_id');
