// A backend with NestJS: whoever belongs to a room gets a token for the room's video session.
//
//   npm install tokmint @nestjs/common @nestjs/core @nestjs/platform-express reflect-metadata rxjs
//   npm install --save-dev typescript @types/node
//   npm pkg set type=module
//   export TOKMINT_API_KEY=... TOKMINT_API_SECRET=... ACCESS_TOKENS='{"a-long-random-string": "ada"}'
//   npx tsc --experimentalDecorators --emitDecoratorMetadata --module nodenext --target es2022 --types node nest.ts
//   node nest.js
//   curl -d '{"nickname": "Ada"}' -H 'Content-Type: application/json' \
//     -H 'Authorization: Bearer a-long-random-string' localhost:3000/rooms/physics/token
//
// For an application, set TOKMINT_APPLICATION_ID and TOKMINT_PRIVATE_KEY instead of the first two.

import 'reflect-metadata';
import {
  type ArgumentsHost,
  BadRequestException,
  Body,
  type CanActivate,
  Catch,
  Controller,
  type ExecutionContext,
  HttpCode,
  Inject,
  Injectable,
  Module,
  NotFoundException,
  Param,
  Post,
  Req,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost, NestFactory } from '@nestjs/core';
import { OpenTok, type Role, TokmintError } from 'tokmint';

const { TOKMINT_APPLICATION_ID, TOKMINT_PRIVATE_KEY = '', TOKMINT_API_KEY = '', TOKMINT_API_SECRET = '' } = process.env;
const { API_URL, ACCESS_TOKENS = '{}', PORT = '3000' } = process.env;

type Request = { headers: { authorization?: string }; user: string };

// Replace these by your login and your own rule of who may join what, and as what.
const users = new Map<string, string>(Object.entries(JSON.parse(ACCESS_TOKENS)));
const rooms = new Map([
  [
    'physics',
    new Map<string, Role>([
      ['ada', 'moderator'],
      ['bob', 'publisher'],
    ]),
  ],
]);

/** Made once. Bad credentials end the start here, and not a request. */
const opentok = {
  provide: OpenTok,
  useFactory: () =>
    TOKMINT_APPLICATION_ID
      ? OpenTok.forApplication(TOKMINT_APPLICATION_ID, TOKMINT_PRIVATE_KEY)
      : new OpenTok(TOKMINT_API_KEY, TOKMINT_API_SECRET),
};

@Injectable()
class Sessions {
  /** In this process only: with several, keep it in your database. */
  private readonly sessions = new Map<string, Promise<string>>();

  @Inject(OpenTok) private readonly opentok!: OpenTok;

  /** The first who comes creates it. */
  of(room: string): Promise<string> {
    let session = this.sessions.get(room);
    if (!session) {
      session = this.create();
      session.catch(() => this.sessions.delete(room));
      this.sessions.set(room, session);
    }
    return session;
  }

  private async create(): Promise<string> {
    const token = this.opentok.generateRestToken();
    const { applicationId } = this.opentok;
    const url = API_URL ?? (applicationId ? 'https://video.api.vonage.com' : 'https://api.opentok.com');
    const response = await fetch(`${url}/session/create`, {
      method: 'POST',
      headers: {
        ...(applicationId ? { Authorization: `Bearer ${token}` } : { 'X-OPENTOK-AUTH': token }),
        Accept: 'application/json',
      },
      body: new URLSearchParams({ archiveMode: 'manual', 'p2p.preference': 'disabled' }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`no session was created: ${response.status}`);
    const [{ session_id: sessionId }] = (await response.json()) as [{ session_id: string }];
    return sessionId;
  }
}

@Injectable()
class LoginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const user = users.get(request.headers.authorization?.match(/^Bearer (.+)$/)?.[1] ?? '');
    if (!user) throw new UnauthorizedException();
    request.user = user;
    return true;
  }
}

@Controller('rooms')
class RoomsController {
  @Inject(OpenTok) private readonly opentok!: OpenTok;
  @Inject(Sessions) private readonly sessions!: Sessions;

  @Post(':room/token')
  @HttpCode(200)
  @UseGuards(LoginGuard)
  async join(@Req() { user }: Request, @Param('room') room: string, @Body('nickname') nickname: unknown) {
    // The role follows from who it is, never from the request.
    const role = rooms.get(room)?.get(user);
    if (!role) throw new NotFoundException();
    const sessionId = await this.sessions.of(room);
    // Everybody in the session can read the data.
    const data = JSON.stringify({ user, nickname });
    const token = this.opentok.generateToken(sessionId, { role, data, expiresIn: 3600 });
    return { apiKey: this.opentok.apiKey ?? this.opentok.applicationId, sessionId, token };
  }
}

@Module({ controllers: [RoomsController], providers: [opentok, Sessions] })
class AppModule {}

@Catch()
class RefusalFilter extends BaseExceptionFilter {
  override catch(error: unknown, host: ArgumentsHost) {
    // 300 to 399 are the codes of options, and the nickname came from the client. Others are a 500 of Nest.
    const isOfClient = error instanceof TokmintError && error.number >= 300 && error.number < 400;
    super.catch(isOfClient ? new BadRequestException({ error: error.code }) : error, host);
  }
}

const app = await NestFactory.create(AppModule);
app.useGlobalFilters(new RefusalFilter(app.get(HttpAdapterHost).httpAdapter));
await app.listen(Number(PORT));
console.log(`listening on ${await app.getUrl()}`);
