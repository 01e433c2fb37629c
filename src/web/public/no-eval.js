// Before zod is loaded, in whatever piece the bundler puts it: it would try `new Function`, which the content security
// policy forbids and reports.
globalThis.__zod_globalConfig = { jitless: true }
