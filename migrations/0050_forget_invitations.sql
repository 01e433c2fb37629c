-- An invitation is an address of somebody, who may never have come: what has ended is forgotten after a month.
grant delete on invitations to evenhand_app;
