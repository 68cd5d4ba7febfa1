package consumer;

import dev.tokmint.OpenTok;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/**
 * A backend with Spring Boot: whoever belongs to a room gets a token for the room's video session.
 *
 * <pre>
 * mvn package
 * export TOKMINT_API_KEY=... TOKMINT_API_SECRET=... ADA_PASSWORD=... BOB_PASSWORD=...
 * java -jar target/spring-0.jar
 * curl --user ada --data-urlencode nickname=Ada localhost:8080/rooms/physics/token
 * </pre>
 *
 * For an application, set TOKMINT_APPLICATION_ID and TOKMINT_PRIVATE_KEY instead of the first two.
 */
@SpringBootApplication
public class Application {
    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    /** Made once, and closed by Spring. Bad credentials end the start here, and not a request. */
    @Bean
    OpenTok opentok(
            @Value("${tokmint.api-key}") String apiKey,
            @Value("${tokmint.api-secret}") String apiSecret,
            @Value("${tokmint.application-id}") String applicationId,
            @Value("${tokmint.private-key}") String privateKey) {
        return applicationId.isEmpty()
                ? new OpenTok(apiKey, apiSecret)
                : OpenTok.forApplication(applicationId, privateKey);
    }

    /** Replace these by your people. */
    @Bean
    UserDetailsService people(
            @Value("${people.ada.password}") String ofAda, @Value("${people.bob.password}") String ofBob) {
        return new InMemoryUserDetailsManager(
                User.withUsername("ada").password("{noop}" + ofAda).build(),
                User.withUsername("bob").password("{noop}" + ofBob).build());
    }

    /** Replace this by your login. Every request carries the password, and there is no cookie, so none can be forged. */
    @Bean
    SecurityFilterChain login(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .httpBasic(Customizer.withDefaults())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .build();
    }
}
