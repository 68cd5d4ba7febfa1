// Next.js calls it when a server starts, before the first request: bad credentials end the start here.
export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { opentok } = await import('./opentok.js');
    opentok();
  }
}
