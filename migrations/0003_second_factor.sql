-- A second factor, passkeys, and where a person is signed in. Of the person, not of a workspace: a person may work in
-- several with one password. Column names are better-auth's.

alter table auth_users add column "twoFactorEnabled" boolean not null default false;

create table auth_two_factors (
  id text primary key,
  "userId" text not null unique references auth_users on delete cascade,
  -- Both sealed under the installation's key.
  secret text not null,
  "backupCodes" text not null,
  -- False from showing the secret until a code proved that it arrived.
  verified boolean not null default false,
  "failedVerificationCount" integer not null default 0,
  "lockedUntil" timestamptz,
  "createdAt" timestamptz not null default now()
);

-- A code lives a minute or so, and is taken once in it.
create table auth_used_codes (
  "userId" text not null references auth_users on delete cascade,
  digest bytea not null,
  "usedAt" timestamptz not null default now(),
  primary key ("userId", digest)
);

create table auth_passkeys (
  id text primary key,
  "userId" text not null references auth_users on delete cascade,
  name text,
  "publicKey" text not null,
  "credentialID" text not null unique,
  counter bigint not null,
  "deviceType" text not null,
  "backedUp" boolean not null,
  transports text,
  aaguid text,
  "createdAt" timestamptz not null default now(),
  "lastUsedAt" timestamptz
);
create index auth_passkeys_of_user on auth_passkeys ("userId");

grant select, insert, update, delete on auth_two_factors, auth_passkeys to evenhand_app;
grant select, insert, delete on auth_used_codes to evenhand_app;
