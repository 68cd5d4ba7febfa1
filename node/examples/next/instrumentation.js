// Next.js calls it when a server starts, before the first request. It would log an error and go on.
export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { opentok } = await import('./opentok.js');
    try {
      opentok();
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  }
}
