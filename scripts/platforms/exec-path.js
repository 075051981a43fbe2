'use strict';

// An emulated Node knows its own file, which this machine cannot run: programs that tests start get the emulator's script.
process.execPath = process.env.CONNECT_EXEC_PATH;
